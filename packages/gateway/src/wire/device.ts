import { createPublicKey, hash, verify } from 'node:crypto';
import type { ConnectParams, DeviceProof } from '@reeve/protocol/wire';

/** How far a device's clock may be off, either way. The nonce alone already makes a signature good for one socket. */
const clockSkewMs = 10 * 60_000;

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export type DeviceFault =
  | 'DEVICE_AUTH_PUBLIC_KEY_INVALID'
  | 'DEVICE_AUTH_DEVICE_ID_MISMATCH'
  | 'DEVICE_AUTH_NONCE_REQUIRED'
  | 'DEVICE_AUTH_NONCE_MISMATCH'
  | 'DEVICE_AUTH_SIGNATURE_EXPIRED'
  | 'DEVICE_AUTH_SIGNATURE_INVALID';

const ascii = (text: string | undefined) =>
  (text ?? '').trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The texts that a device may have signed: the form of today, and the one before it without its last two parts. */
const payloads = (params: ConnectParams, device: DeviceProof): string[] => {
  const { client, role = 'operator', scopes = [], auth } = params;
  const tokens = new Set([auth?.token ?? auth?.deviceToken ?? '', auth?.deviceToken ?? '', '']);
  return [...tokens].flatMap((token) => {
    const parts = [
      device.id,
      client?.id ?? '',
      client?.mode ?? '',
      role,
      scopes.join(','),
      String(device.signedAt),
      token,
      device.nonce,
    ];
    return [
      ['v3', ...parts, ascii(client?.platform), ascii(client?.deviceFamily)].join('|'),
      ['v2', ...parts].join('|'),
    ];
  });
};

/** Whether a device has the key it names, here and now: null, or why not. */
export const checkDevice = (
  params: ConnectParams,
  device: DeviceProof,
  challenge: { nonce: string; now: number },
): DeviceFault | null => {
  const raw = Buffer.from(device.publicKey, 'base64url');
  if (raw.length !== 32) return 'DEVICE_AUTH_PUBLIC_KEY_INVALID';
  if (hash('sha256', raw, 'hex') !== device.id) return 'DEVICE_AUTH_DEVICE_ID_MISMATCH';
  if (device.nonce === '') return 'DEVICE_AUTH_NONCE_REQUIRED';
  if (device.nonce !== challenge.nonce) return 'DEVICE_AUTH_NONCE_MISMATCH';
  if (Math.abs(challenge.now - device.signedAt) > clockSkewMs) return 'DEVICE_AUTH_SIGNATURE_EXPIRED';
  const signature = Buffer.from(device.signature, 'base64url');
  if (signature.length !== 64) return 'DEVICE_AUTH_SIGNATURE_INVALID';
  try {
    const key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
    return payloads(params, device).some((text) => verify(null, Buffer.from(text), key, signature))
      ? null
      : 'DEVICE_AUTH_SIGNATURE_INVALID';
  } catch {
    return 'DEVICE_AUTH_PUBLIC_KEY_INVALID';
  }
};
