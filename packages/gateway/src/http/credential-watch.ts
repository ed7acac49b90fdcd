import type { Identity, Principal } from '@reeve/core';
import type { FastifyReply } from 'fastify';

/** Whether the credential that a request came with still counts: it was looked at before the body was there. */
export interface CredentialWatch {
  readonly isRevoked: boolean;
  /** From now on the answer ends with the credential. */
  endWithIt(): void;
}

/** Watches until the answer is over. What is not a stream goes through once it was begun: leaving is answered, too. */
export const watchCredential = (
  identity: Pick<Identity, 'onRevoked'>,
  principal: Principal,
  { raw }: FastifyReply,
): CredentialWatch => {
  let isRevoked = false;
  let isStream = false;
  const stop = identity.onRevoked(principal, () => {
    isRevoked = true;
    if (isStream) raw.destroy();
  });
  raw.once('close', stop);
  return {
    get isRevoked() {
      return isRevoked;
    },
    endWithIt() {
      isStream = true;
      if (isRevoked) raw.destroy();
    },
  };
};
