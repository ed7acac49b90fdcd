import {
  type Clock,
  type Devices,
  deviceTokenPrefix,
  type NewId,
  type Owner,
  type Person,
  type Principal,
} from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { Audit } from '../audit.ts';
import type { Db } from '../database/schema.ts';
import type { Revocations } from '../revocations.ts';
import { digest, newSecret } from '../secrets.ts';

/** What the credential that admitted a device is good for, and until when (Unix ms; null = for ever). */
export interface DeviceAdmission {
  scopes?: readonly string[];
  expiresAt: number | null;
}

/** Live tokens of one device; the oldest gives way. Two programs on one device may share an identity. */
const tokensPerDevice = 8;

/** What devices that proved an Ed25519 key may use instead of the credential they were admitted with. */
export const createDevices = (deps: {
  db: Db;
  clock: Clock;
  newId: NewId;
  revocations: Revocations;
  audit: Audit;
  /** The person behind a credential; null when they may do nothing. */
  present: (owner: Owner) => Person | null;
  /** What a device was admitted with, as long as it is good; null afterwards. */
  admission: (credential: string) => Promise<DeviceAdmission | null>;
}): Devices => {
  const { db, clock, revocations, audit } = deps;
  return {
    async authenticate(token, deviceId) {
      const row = await db
        .selectFrom('reeve_device')
        .selectAll()
        .where('hash', '=', digest(token))
        .executeTakeFirst();
      if (!row || row.device_id !== deviceId) return null;
      const admitted = await deps.admission(row.credential);
      const person = deps.present({ tenantId: row.tenant_id, userId: row.user_id });
      if (!admitted || !person) return null;
      const { tenantId, userId, role } = person;
      const { scopes, expiresAt } = admitted;
      const principal: Principal = {
        actor: { tenantId, userId, role, channel: 'ws', ...(scopes && { scopes }) },
        by: 'device',
        credential: row.credential,
        deviceId,
        ...(expiresAt !== null && { expiresAt }),
      };
      return { principal, scopes: JSON.parse(row.scopes_json) as string[] };
    },

    async issue({ actor, credential }, deviceId, scopes) {
      const token = newSecret(deviceTokenPrefix);
      const { tenantId, userId } = actor;
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('reeve_device')
          .values({
            id: deps.newId('dev_'),
            tenant_id: tenantId,
            user_id: userId,
            device_id: deviceId,
            credential,
            scopes_json: JSON.stringify(scopes),
            hash: digest(token),
            created_at: clock.now(),
          })
          .execute();
        await tx
          .deleteFrom('reeve_device')
          .where('device_id', '=', deviceId)
          .where('user_id', '=', userId)
          .where('id', 'not in', (old) =>
            old
              .selectFrom('reeve_device')
              .select('id')
              .where('device_id', '=', deviceId)
              .where('user_id', '=', userId)
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(tokensPerDevice),
          )
          .execute();
      });
      audit(actor, 'device.paired', { target: deviceId });
      return token;
    },

    async list(owner) {
      const rows = await db
        .selectFrom('reeve_device')
        .selectAll()
        .where('tenant_id', '=', owner.tenantId)
        .where('user_id', '=', owner.userId)
        .orderBy('created_at', 'desc')
        .execute();
      const devices = new Map<string, { deviceId: string; scopes: string[]; createdAt: number }>();
      for (const { device_id: deviceId, scopes_json, created_at: createdAt } of rows)
        if (!devices.has(deviceId))
          devices.set(deviceId, { deviceId, scopes: JSON.parse(scopes_json) as string[], createdAt });
      return [...devices.values()];
    },

    async revoke(owner, deviceId) {
      const { numDeletedRows } = await db
        .deleteFrom('reeve_device')
        .where('tenant_id', '=', owner.tenantId)
        .where('user_id', '=', owner.userId)
        .where('device_id', '=', deviceId)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new FaultError('NOT_FOUND', 'There is no such device.');
      revocations.device(owner, deviceId);
      audit(owner, 'device.revoked', { target: deviceId });
    },
  };
};

/** The end of a credential is the end of the devices that it admitted. */
export const forgetDevicesOf = async (db: Db, credentials: readonly string[]): Promise<void> => {
  if (credentials.length > 0)
    await db.deleteFrom('reeve_device').where('credential', 'in', credentials).execute();
};
