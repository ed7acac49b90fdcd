import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';

export interface TestDevice {
  id: string;
  publicKey: string;
  privateKey: KeyObject;
}

/** A device with an Ed25519 key, as OpenClaw's clients make one. */
export const createDevice = (): TestDevice => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { id: hash('sha256', raw, 'hex'), publicKey: raw.toString('base64url'), privateKey };
};

export interface Signed {
  version?: 'v2' | 'v3';
  clientId: string;
  clientMode: string;
  role: string;
  scopes: readonly string[];
  signedAt: number;
  token: string;
  nonce: string;
  platform?: string;
  deviceFamily?: string;
}

/** The `device` of a connect. */
export const proof = (device: TestDevice, { version = 'v3', ...what }: Signed) => {
  const parts = [
    version,
    device.id,
    what.clientId,
    what.clientMode,
    what.role,
    what.scopes.join(','),
    String(what.signedAt),
    what.token,
    what.nonce,
    ...(version === 'v3' ? [what.platform ?? '', what.deviceFamily ?? ''] : []),
  ];
  return {
    id: device.id,
    publicKey: device.publicKey,
    signature: sign(null, Buffer.from(parts.join('|')), device.privateKey).toString('base64url'),
    signedAt: what.signedAt,
    nonce: what.nonce,
  };
};
