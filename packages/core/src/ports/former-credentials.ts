/**
 * Hashes of credentials from before identity had a database of its own; all were the owner's. They are read once,
 * when it begins, and then removed, so that none that is revoked later can come back.
 */
export interface FormerCredentials {
  read(): Promise<{
    tokens: { id: string; name: string; hash: string; createdAt: number; lastUsedAt: number | null }[];
    webSessions: { hash: string; createdAt: number; expiresAt: number }[];
    devices: {
      id: string;
      deviceId: string;
      credential: string;
      scopes: string[];
      hash: string;
      createdAt: number;
    }[];
  }>;
  forget(): Promise<void>;
}
