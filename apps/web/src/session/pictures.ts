import { client } from '../api/client.ts';

const keep = 40;
const pictures = new Map<string, Promise<string>>();

/** A picture of a session as base64, asked for once while it is among the last that were looked at. */
export const pictureOf = (sessionId: string, artifactId: string): Promise<string> => {
  const key = `${sessionId} ${artifactId}`;
  const known = pictures.get(key);
  if (known) return known;
  const asked = client.sessions.image({ id: sessionId, artifactId }).then(({ data }) => data);
  pictures.set(key, asked);
  asked.catch(() => pictures.delete(key));
  if (pictures.size > keep) pictures.delete(pictures.keys().next().value!);
  return asked;
};
