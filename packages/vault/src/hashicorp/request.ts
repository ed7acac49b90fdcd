import { unavailable } from '../faults.ts';

/** Longest wait for one answer. */
const limitMs = 10_000;

export interface Answer {
  status: number;
  body: unknown;
}

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'DELETE';
  token: string;
  namespace: string;
  body?: unknown;
}

/** One call of the HTTP API. Rejects with FaultError SECRETS_UNAVAILABLE when nothing answers; any status is an answer. */
export const vaultRequest = async (
  address: string,
  path: string,
  { method = 'GET', token, namespace, body }: RequestOptions,
): Promise<Answer> => {
  const url = `${address.replace(/\/+$/, '')}/v1/${path}`;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        'x-vault-token': token,
        // Vault's guard against requests that a browser was tricked into.
        'x-vault-request': 'true',
        ...(namespace !== '' && { 'x-vault-namespace': namespace }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A token goes to the server that the owner named and to no other.
      redirect: 'error',
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    throw unavailable(
      `HashiCorp Vault at ${address} does not answer.`,
      'Check that it runs and is unsealed, and secrets.vaultAddress.',
    );
  }
};
