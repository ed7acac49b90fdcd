import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Owner } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Db } from '../database/schema.ts';
import { type Box, digest, isSame } from '../secrets.ts';

const stepMs = 30_000;
/** Steps that a clock may be off, either way. */
const window = 1;
const recoveryCodes = 10;
/** No letters and digits that look alike; 12 of them are 60 bits. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Codes of an authenticator app (RFC 6238), and recovery codes for when it is lost. Every code is good once. */
export interface Totp {
  isOn(owner: Owner): Promise<boolean>;
  codesLeft(owner: Owner): Promise<number>;
  begin(owner: Owner, account: string): Promise<{ secret: string; url: string }>;
  /** Throws FaultError SIGN_IN_FAILED. Resolves to the recovery codes. */
  confirm(owner: Owner, code: string): Promise<string[]>;
  /** A code of the app, or else a recovery code. */
  verify(owner: Owner, code: string): Promise<'app' | 'recovery' | null>;
  disable(owner: Owner): Promise<void>;
  newCodes(owner: Owner): Promise<string[]>;
}

export const createTotp = (db: Db, clock: Clock, box: Box): Totp => {
  const otp = async (secret: string) => (await import('@better-auth/utils/otp')).createOTP(secret);
  const rowOf = ({ userId }: Owner) =>
    db.selectFrom('reeve_totp').selectAll().where('user_id', '=', userId).executeTakeFirst();

  /** The step that a code belongs to; null when it belongs to none that is near. */
  const stepOf = async (sealed: string, code: string): Promise<number | null> => {
    const { hotp } = await otp(box.open(sealed));
    const now = Math.floor(clock.now() / stepMs);
    let found: number | null = null;
    for (let step = now - window; step <= now + window; step += 1)
      if (isSame(await hotp(step), code)) found = step;
    return found;
  };
  /** False for a code that was used, or is older than one that was. */
  const takeStep = async ({ userId }: Owner, step: number): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('reeve_totp')
      .set({ last_step: step, is_confirmed: 1 })
      .where('user_id', '=', userId)
      .where('last_step', '<', step)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };
  const newCodes = async ({ userId }: Owner): Promise<string[]> => {
    const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom('reeve_recovery_code').where('user_id', '=', userId).execute();
      await tx
        .insertInto('reeve_recovery_code')
        .values(codes.map((code) => ({ user_id: userId, hash: digest(plain(code)) })))
        .execute();
    });
    return codes;
  };

  return {
    isOn: async (owner) => (await rowOf(owner))?.is_confirmed === 1,
    async codesLeft({ userId }) {
      const rows = await db
        .selectFrom('reeve_recovery_code')
        .select('hash')
        .where('user_id', '=', userId)
        .execute();
      return rows.length;
    },
    async begin(owner, account) {
      if ((await rowOf(owner))?.is_confirmed === 1)
        throw new FaultError('CONFLICT', 'An authenticator app is in use already.', {
          next: 'Turn it off first.',
        });
      const secret = randomBytes(20).toString('base64url');
      const row = { secret_sealed: box.seal(secret), is_confirmed: 0, last_step: 0 };
      await db
        .insertInto('reeve_totp')
        .values({ user_id: owner.userId, ...row })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
        .execute();
      const url = (await otp(secret)).url('Reeve', account);
      return { secret: new URL(url).searchParams.get('secret')!, url };
    },
    async confirm(owner, code) {
      const row = await rowOf(owner);
      const step = row && row.is_confirmed === 0 ? await stepOf(row.secret_sealed, code) : null;
      if (step === null || !(await takeStep(owner, step))) throw new FaultError('SIGN_IN_FAILED');
      return newCodes(owner);
    },
    async verify(owner, code) {
      const row = await rowOf(owner);
      if (row?.is_confirmed !== 1) return null;
      if (/^\d{6}$/.test(code)) {
        const step = await stepOf(row.secret_sealed, code);
        return step !== null && (await takeStep(owner, step)) ? 'app' : null;
      }
      const { numDeletedRows } = await db
        .deleteFrom('reeve_recovery_code')
        .where('user_id', '=', owner.userId)
        .where('hash', '=', digest(plain(code)))
        .executeTakeFirst();
      return numDeletedRows > 0n ? 'recovery' : null;
    },
    async disable({ userId }) {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('reeve_totp').where('user_id', '=', userId).execute();
        await tx.deleteFrom('reeve_recovery_code').where('user_id', '=', userId).execute();
      });
    },
    newCodes,
  };
};

const newRecoveryCode = (): string =>
  Array.from({ length: 3 }, () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** As it was made, however it was typed. */
const plain = (code: string): string => code.toLowerCase().replace(/[^a-z0-9]/g, '');
