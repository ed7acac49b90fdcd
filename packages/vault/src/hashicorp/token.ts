import type { Clock, Log } from '@reeve/core';
import { z } from 'zod';
import { unavailable } from '../faults.ts';
import { type Answer, type RequestOptions, vaultRequest } from './request.ts';

export interface TokenOptions {
  address: string;
  namespace: string;
  /** Reads the token anew: from its file or variable. Empty = there is none. */
  readToken(): Promise<string>;
  clock: Clock;
  log: Log;
}

export interface VaultSession {
  /** A call with a token that is valid, as far as anybody knows. Rejects with SECRETS_UNAVAILABLE; 404 is an answer. */
  call(path: string, options?: Omit<RequestOptions, 'token' | 'namespace'>): Promise<Answer>;
  close(): void;
}

const lookupSchema = z.object({ data: z.object({ ttl: z.number(), renewable: z.boolean().default(false) }) });
const renewedSchema = z.object({ auth: z.object({ lease_duration: z.number(), renewable: z.boolean() }) });

/** A token is renewed when two thirds of its time are over, and never more often than this, ms. */
const shortestPause = 5_000;

/**
 * Signs in with a token and keeps it alive: renewed before it ends, read again when it is refused, since whoever
 * manages tokens (an agent, an owner) writes a new one to the same place.
 */
export const openVaultSession = async (options: TokenOptions): Promise<VaultSession> => {
  const { address, namespace, clock, log } = options;
  let token = await options.readToken();
  if (token === '')
    throw unavailable('There is no token for HashiCorp Vault.', 'Set VAULT_TOKEN or secrets.vaultTokenFile.');
  let cancel = () => {};
  let isClosed = false;

  const plan = (ttlSeconds: number, isRenewable: boolean) => {
    cancel();
    // 0 = a token without an end.
    if (isClosed || !isRenewable || ttlSeconds <= 0) return;
    const pause = Math.max(shortestPause, (ttlSeconds * 1000 * 2) / 3);
    cancel = clock.at(clock.now() + pause, () => void renew(ttlSeconds));
  };
  const renew = async (ttlSeconds: number) => {
    const answer = await send('auth/token/renew-self', { method: 'POST', body: {} }).catch(() => null);
    const renewed = renewedSchema.safeParse(answer?.body);
    if (answer?.status === 200 && renewed.success)
      return plan(renewed.data.auth.lease_duration, renewed.data.auth.renewable);
    log.warn({ status: answer?.status ?? null }, 'the token of HashiCorp Vault could not be renewed');
    plan(ttlSeconds / 3, true);
  };
  const send = (path: string, more: Omit<RequestOptions, 'token' | 'namespace'> = {}) =>
    vaultRequest(address, path, { ...more, token, namespace });

  /** Whether another token lies where tokens come from. */
  const findAnother = async (): Promise<boolean> => {
    const now = await options.readToken();
    if (now === '' || now === token) return false;
    token = now;
    await begin();
    return true;
  };
  const begin = async () => {
    const looked = await send('auth/token/lookup-self');
    const known = lookupSchema.safeParse(looked.body);
    if (looked.status === 200 && known.success) plan(known.data.data.ttl, known.data.data.renewable);
  };

  const session: VaultSession = {
    async call(path, more) {
      let answer = await send(path, more);
      if (answer.status === 403 && (await findAnother())) answer = await send(path, more);
      if (answer.status < 300 || answer.status === 404) return answer;
      throw refusal(answer.status);
    },
    close() {
      isClosed = true;
      cancel();
    },
  };
  await begin();
  return session;
};

const refusal = (status: number) => {
  if (status === 403)
    return unavailable(
      'HashiCorp Vault refuses the token (403): it has ended, or its policies do not allow this path.',
      'Give it a new token in VAULT_TOKEN or secrets.vaultTokenFile, or allow secrets.vaultPath.',
    );
  if (status === 503) return unavailable('HashiCorp Vault is sealed (503).', 'Unseal it.');
  return unavailable(`HashiCorp Vault answers with HTTP ${status}.`, 'See its log.');
};
