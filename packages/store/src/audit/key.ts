import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FaultError } from '@reeve/protocol';

/** The key that signs the audit, made at the first start; a file of the data folder that its user alone can read. */
export const readAuditKey = (file: string): { privateKey: string; publicKey: string } => {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  const privateKey = readFileSync(file, 'utf8');
  try {
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    return { privateKey, publicKey };
  } catch (error) {
    throw new FaultError('CONFIG_ERROR', `${file} is not the key of the audit any more.`, {
      next: 'Restore it from a backup; without it nobody can tell whether the audit was changed.',
      cause: error,
    });
  }
};
