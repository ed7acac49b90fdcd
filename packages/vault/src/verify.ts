import type { SecretVerifier } from '@reeve/core';
import type { SecretVerify } from '@reeve/protocol';

interface Call {
  url: string;
  method?: 'POST';
  headers(value: string): Record<string, string>;
}

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** The cheapest call of each provider that needs a valid key (their API references, 2026). */
const calls: Record<SecretVerify['kind'], Call> = {
  anthropic: {
    url: 'https://api.anthropic.com/v1/models',
    headers: (value) => ({ 'x-api-key': value, 'anthropic-version': '2023-06-01' }),
  },
  openai: { url: 'https://api.openai.com/v1/models', headers: bearer },
  github: {
    url: 'https://api.github.com/user',
    headers: (value) => ({ ...bearer(value), accept: 'application/vnd.github+json', 'user-agent': 'reeve' }),
  },
  stripe: { url: 'https://api.stripe.com/v1/balance', headers: bearer },
  slack: { url: 'https://slack.com/api/auth.test', method: 'POST', headers: bearer },
  http: { url: '', headers: bearer },
};

/** Slack answers 200 to everything and says in the body what it means. */
const slackRefusals = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
]);

/** Tries a value by a call to its provider. What the provider says is not repeated: it may quote the value. */
export const verifySecret: SecretVerifier = async ({ kind, url }, value, signal) => {
  const call = calls[kind];
  const address = url ?? call.url;
  if (address === '') return { result: 'invalid', reason: 'there is no address to try it at' };
  try {
    const response = await fetch(address, {
      ...(call.method && { method: call.method }),
      headers: call.headers(value),
      // A key goes to the server that was named and to no other.
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    if (kind === 'slack' && status === 200) return slackAnswer(await response.json());
    await response.body?.cancel();
    if (status >= 200 && status < 300) return { result: 'valid' };
    const reason = `its provider answers with HTTP ${status}`;
    const mayPass = status === 408 || status === 429 || status >= 500;
    return { result: mayPass ? 'unknown' : 'invalid', reason };
  } catch {
    return { result: 'unknown', reason: 'its provider cannot be reached' };
  }
};

const slackAnswer = (body: unknown): Awaited<ReturnType<SecretVerifier>> => {
  const { ok, error } = (body ?? {}) as { ok?: unknown; error?: unknown };
  if (ok === true) return { result: 'valid' };
  return typeof error === 'string' && slackRefusals.has(error)
    ? { result: 'invalid', reason: `Slack says ${error}` }
    : { result: 'unknown', reason: 'Slack does not say whether it is valid' };
};
