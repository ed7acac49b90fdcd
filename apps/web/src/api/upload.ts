import { createReeveClient, type ReeveClient } from '@reeve/client';

/** Told which share of a request has left the browser, from 0 to 1. */
export type OnUpload = (share: number) => void;

/** A client that tells how far each of its requests is. `fetch` cannot: it streams no bodies over HTTP/1.1. */
export const uploadingClient = (onUpload: OnUpload): ReeveClient =>
  createReeveClient({ url: location.origin, fetch: (request) => upload(request, onUpload) });

/** Like `fetch`, for answers that are text. Rejects with a TypeError when the connection broke. */
const upload = async (request: Request, onUpload: OnUpload): Promise<Response> => {
  const body = await request.blob();
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open(request.method, request.url);
    for (const [name, value] of request.headers) sent.setRequestHeader(name, value);
    sent.upload.onprogress = ({ loaded, total }) => onUpload(total === 0 ? 0 : loaded / total);
    sent.onload = () =>
      resolve(
        new Response(sent.responseText, {
          status: sent.status,
          headers: { 'content-type': sent.getResponseHeader('content-type') ?? 'application/json' },
        }),
      );
    sent.onerror = () => reject(new TypeError('The connection broke.'));
    onUpload(0);
    sent.send(body);
  });
};
