/**
 * In order; a released one is never edited. `PRAGMA user_version` counts those applied. The tables of better-auth are
 * what its own migration makes for the plugins organization and passkey.
 */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null)`,
    `CREATE TABLE "session" ("id" text not null primary key, "expiresAt" date not null, "token" text not null unique, "createdAt" date not null, "updatedAt" date not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade, "activeOrganizationId" text)`,
    `CREATE TABLE "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text, "createdAt" date not null, "updatedAt" date not null)`,
    `CREATE TABLE "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" date not null, "createdAt" date not null, "updatedAt" date not null)`,
    `CREATE TABLE "organization" ("id" text not null primary key, "name" text not null, "slug" text not null unique, "logo" text, "createdAt" date not null, "metadata" text)`,
    `CREATE TABLE "member" ("id" text not null primary key, "organizationId" text not null references "organization" ("id") on delete cascade, "userId" text not null references "user" ("id") on delete cascade, "role" text not null, "createdAt" date not null)`,
    `CREATE TABLE "invitation" ("id" text not null primary key, "organizationId" text not null references "organization" ("id") on delete cascade, "email" text not null, "role" text, "status" text not null, "expiresAt" date not null, "createdAt" date not null, "inviterId" text not null references "user" ("id") on delete cascade)`,
    `CREATE TABLE "passkey" ("id" text not null primary key, "name" text, "publicKey" text not null, "userId" text not null references "user" ("id") on delete cascade, "credentialID" text not null, "counter" integer not null, "deviceType" text not null, "backedUp" integer not null, "transports" text, "createdAt" date, "aaguid" text)`,
    `CREATE INDEX "session_userId_idx" on "session" ("userId")`,
    `CREATE INDEX "account_userId_idx" on "account" ("userId")`,
    `CREATE INDEX "verification_identifier_idx" on "verification" ("identifier")`,
    `CREATE INDEX "member_organizationId_idx" on "member" ("organizationId")`,
    // A person belongs to one tenant: an id and an address name one account in all of Reeve.
    `CREATE UNIQUE INDEX "member_userId_idx" on "member" ("userId")`,
    `CREATE INDEX "invitation_organizationId_idx" on "invitation" ("organizationId")`,
    `CREATE INDEX "invitation_email_idx" on "invitation" ("email")`,
    `CREATE INDEX "passkey_userId_idx" on "passkey" ("userId")`,
    `CREATE UNIQUE INDEX "passkey_credentialID_idx" on "passkey" ("credentialID")`,

    `CREATE TABLE reeve_person (
      tenant_id TEXT NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      flags_json TEXT NOT NULL,
      language TEXT,
      is_disabled INTEGER NOT NULL,
      PRIMARY KEY (tenant_id, user_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_role (
      tenant_id TEXT NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
      name TEXT NOT NULL,
      base TEXT NOT NULL,
      description TEXT NOT NULL,
      PRIMARY KEY (tenant_id, name)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_session (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      kind TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      user_agent TEXT NOT NULL,
      address TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX reeve_session_user ON reeve_session (user_id, created_at)`,
    `CREATE TABLE reeve_key (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      masked TEXT NOT NULL,
      scopes_json TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      last_used_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX reeve_key_user ON reeve_key (user_id)`,
    `CREATE TABLE reeve_device (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      device_id TEXT NOT NULL,
      credential TEXT NOT NULL,
      scopes_json TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX reeve_device_user ON reeve_device (user_id, device_id)`,
    `CREATE INDEX reeve_device_credential ON reeve_device (credential)`,
    `CREATE TABLE reeve_ticket (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      tenant_id TEXT NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
      user_id TEXT REFERENCES "user" ("id") ON DELETE CASCADE,
      role TEXT,
      email TEXT,
      name TEXT,
      hash TEXT NOT NULL UNIQUE,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_totp (
      user_id TEXT PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
      secret_sealed TEXT NOT NULL,
      is_confirmed INTEGER NOT NULL,
      last_step INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_recovery_code (
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      hash TEXT NOT NULL,
      PRIMARY KEY (user_id, hash)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_jwt_key (
      kid TEXT PRIMARY KEY,
      public_jwk TEXT NOT NULL,
      private_sealed TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_done (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  ],
  [
    // Whoever another place vouches for is one account, however many requests come at once.
    `CREATE UNIQUE INDEX account_provider_idx ON "account" ("providerId", "accountId")`,
    `CREATE TABLE reeve_channel_link (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      channel TEXT NOT NULL,
      identifier TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (tenant_id, channel, identifier)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX reeve_channel_link_user ON reeve_channel_link (user_id)`,
    `CREATE TABLE reeve_scim_token (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      masked TEXT NOT NULL,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_scim_user (
      user_id TEXT PRIMARY KEY REFERENCES "user" ("id") ON DELETE CASCADE,
      tenant_id TEXT NOT NULL,
      user_name TEXT NOT NULL,
      external_id TEXT,
      updated_at INTEGER NOT NULL,
      UNIQUE (tenant_id, user_name)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_group (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES "organization" ("id") ON DELETE CASCADE,
      name TEXT NOT NULL,
      external_id TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (tenant_id, name)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE reeve_group_member (
      group_id TEXT NOT NULL REFERENCES reeve_group (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES "user" ("id") ON DELETE CASCADE,
      PRIMARY KEY (group_id, user_id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX reeve_group_member_user ON reeve_group_member (user_id)`,
  ],
];
