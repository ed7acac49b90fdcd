import { FaultError } from '@reeve/protocol';

/** The place of the secrets fails. `next` says how to mend it; nothing of what was read goes into the message. */
export const unavailable = (message: string, next?: string, cause?: unknown): FaultError =>
  new FaultError('SECRETS_UNAVAILABLE', message, {
    ...(next !== undefined && { next }),
    ...(cause !== undefined && { cause }),
  });

/** What went wrong with a file, in the system's word for it. */
export const codeOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : 'unknown');
