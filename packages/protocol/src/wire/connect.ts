import { z } from 'zod';
import { type WireProtocol, wireProtocols } from './limits.ts';

const short = z.string().max(256);
const secret = z.string().max(4096);
const version = z.number().int().min(1).max(1_000_000);

export const deviceProofSchema = z.object({
  id: short,
  publicKey: short,
  signature: short,
  signedAt: z.number().int().nonnegative(),
  nonce: short,
});
export type DeviceProof = z.infer<typeof deviceProofSchema>;

/**
 * The first request of a socket, in all forms that are about: OpenClaw's (`client`, `minProtocol`, `device` …) and the
 * older one of F003 (`auth.mode`, `client_info`). Nothing in it says who somebody is but what `auth` and `device` prove.
 */
export const connectParamsSchema = z.object({
  minProtocol: version.optional(),
  maxProtocol: version.optional(),
  client: z
    .object({
      id: short,
      version: short.optional(),
      platform: short.optional(),
      deviceFamily: short.optional(),
      mode: short.optional(),
    })
    .optional(),
  client_info: z.object({ name: short, version: short, platform: short }).partial().optional(),
  role: short.optional(),
  scopes: z.array(short).max(64).optional(),
  auth: z
    .object({
      mode: short.optional(),
      token: secret.optional(),
      password: secret.optional(),
      deviceToken: secret.optional(),
      device_token: secret.optional(),
    })
    .optional(),
  device: deviceProofSchema.optional(),
});
export type ConnectParams = z.infer<typeof connectParamsSchema>;

/** Which of the two handshakes a client speaks; it decides the form of the answer and nothing else. */
export type WireDialect = 'openclaw' | 'older';

export const dialectOf = ({
  client,
  client_info,
  auth,
  minProtocol,
  maxProtocol,
}: ConnectParams): WireDialect =>
  client_info !== undefined || auth?.mode !== undefined || (!client && !minProtocol && !maxProtocol)
    ? 'older'
    : 'openclaw';

/** The version to speak with a client, or null when there is none in common. One that names none speaks 3. */
export const negotiate = ({ minProtocol, maxProtocol }: ConnectParams): WireProtocol | null => {
  const min = minProtocol ?? maxProtocol ?? 3;
  const max = maxProtocol ?? min;
  return wireProtocols.find((candidate) => min <= candidate && candidate <= max) ?? null;
};
