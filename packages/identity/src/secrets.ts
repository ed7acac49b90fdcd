import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hash,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** 256 bits: what is stored of it needs no salt and no stretching. */
export const newSecret = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

export const digest = (value: string): string => hash('sha256', value);

/** Of two digests, which are of one length; takes the same time wherever they differ. */
export const isSameDigest = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(a), Buffer.from(b));

export const isSame = (a: string, b: string): boolean => isSameDigest(digest(a), digest(b));

/** Enough to tell keys apart, far too little to guess one. */
export const masked = (secret: string): string => `${secret.slice(0, 6)}…${secret.slice(-4)}`;

/** Words that are known for ours later without being kept: 128 random bits, and as many that only we can add. */
export interface Mint {
  make(about: string): string;
  isOurs(about: string, word: string): boolean;
}

/** `purpose` keeps what one key is used for apart. */
export const createMint = (key: Buffer, purpose: string): Mint => {
  const own = Buffer.from(hkdfSync('sha256', key, '', purpose, 32));
  const sealed = (about: string, random: Buffer): string => {
    const tag = createHmac('sha256', own).update(about).update('\n').update(random).digest();
    return Buffer.concat([random, tag.subarray(0, 16)]).toString('base64url');
  };
  return {
    make: (about) => sealed(about, randomBytes(16)),
    isOurs: (about, word) => isSame(word, sealed(about, Buffer.from(word, 'base64url').subarray(0, 16))),
  };
};

/** Keeps what has to be read again, such as the key of an authenticator, unreadable in the database. */
export interface Box {
  seal(text: string): string;
  /** Throws when it was sealed with another key or changed since. */
  open(sealed: string): string;
}

/** AES-256-GCM with a key of 32 bytes. */
export const createBox = (key: Buffer): Box => ({
  seal(text) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  },
  open(sealed) {
    const raw = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12));
    decipher.setAuthTag(raw.subarray(12, 28));
    return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8');
  },
});
