/**
 * Asks a server for JSON: GET, or POST of `body`. Rejects with the failure of `fetch`, a SyntaxError, or an error of
 * the AI SDK's shape, which `toModelError` reads.
 */
export async function requestJson(
  fetch: typeof globalThis.fetch,
  url: string,
  { headers = {}, body, signal }: { headers?: Record<string, string>; body?: unknown; signal: AbortSignal },
): Promise<unknown> {
  const response = await fetch(url, {
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    signal,
  });
  const responseBody = await response.text();
  if (response.ok) return JSON.parse(responseBody);
  throw Object.assign(new Error(`HTTP ${response.status}`), { statusCode: response.status, responseBody });
}
