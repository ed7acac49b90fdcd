import type { SecretVerifier } from '@reeve/core';
import type { SecretVerify } from '@reeve/protocol';

interface Call {
  url: string;
  method?: 'POST';
  headers(value: string): Record<string, string>;
}

/** What is sent to `address` to try a value; null when the value has not the form that its provider gives out. */
type Ask = (address: string, value: string) => Promise<Request> | null;

const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** The cheapest call of each provider that needs a valid key (their API references, 2026). */
const calls: Record<Exclude<SecretVerify['kind'], 'aws'>, Call> = {
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

const askWith =
  ({ method, headers }: Call): Ask =>
  async (address, value) =>
    new Request(address, { ...(method && { method }), headers: headers(value) });

/** The one call of AWS that every key may make, whatever its rights (STS API reference, GetCallerIdentity). */
const awsAddress = 'https://sts.amazonaws.com/';
const awsForm = /^([A-Z0-9]{16,128}):([\w/+=]{16,})(?::([\w/+=]+))?$/;

/** Signed with AWS Signature Version 4; the value is `ID:SECRET`, or `ID:SECRET:TOKEN` of a session. */
const askAws: Ask = (address, value) => {
  const [, accessKeyId, secretAccessKey, sessionToken] = awsForm.exec(value) ?? [];
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return import('aws4fetch').then(({ AwsClient }) =>
    new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 'sts',
      region: 'us-east-1',
    }).sign(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    }),
  );
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
  const address = url ?? (kind === 'aws' ? awsAddress : calls[kind].url);
  if (address === '') return { result: 'invalid', reason: 'there is no address to try it at' };
  const ask = kind === 'aws' ? askAws : askWith(calls[kind]);
  try {
    const request = await ask(address, value);
    if (request === null) return { result: 'invalid', reason: 'a key of AWS has the form ID:SECRET' };
    // A key goes to the server that was named and to no other.
    const response = await fetch(request, { redirect: 'manual', signal });
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
