import { deviceRefSchema, noParamsSchema } from '@reeve/protocol/wire';
import { defineMethod } from '../method.ts';

export const deviceMethods = [
  defineMethod({
    name: 'device.pair.list',
    scope: 'operator.pairing',
    params: noParamsSchema,
    async handle({ services, actor }) {
      const devices = await services.identity.devices.list(actor);
      return {
        // A device that proves its key beside a valid credential needs no approval.
        pending: [],
        paired: devices.map(({ deviceId, scopes, createdAt }) => ({
          deviceId,
          role: 'operator',
          scopes,
          createdAtMs: createdAt,
        })),
      };
    },
  }),
  defineMethod({
    name: 'device.pair.remove',
    aliases: ['device.token.revoke'],
    scope: 'operator.pairing',
    params: deviceRefSchema,
    async handle({ services, actor }, { deviceId }) {
      await services.identity.devices.revoke(actor, deviceId);
      return { ok: true, deviceId };
    },
  }),
];
