import type { SecretStore } from '@reeve/core';
import { createPlainStore } from './plain-store.ts';

type Env = Record<string, string | undefined>;

/** `PREFIX_SMTP_PASSWORD` is the secret `smtp-password`. For development: whoever sees the environment sees them. */
export const openEnvStore = (env: Env, prefix: string): SecretStore =>
  createPlainStore(
    new Map(
      Object.entries(env).flatMap(([variable, value]) =>
        variable.startsWith(prefix) && variable.length > prefix.length && value
          ? [[variable.slice(prefix.length).toLowerCase().replaceAll('_', '-'), value] as const]
          : [],
      ),
    ),
  );
