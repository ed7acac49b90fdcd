import type { Clock } from '@reeve/core';
import type { FastifyRequest } from 'fastify';

/** The most that somebody may send who has not said who they are: a code, a password, the answer of a passkey. */
export const strangersBodyBytes = 64 * 1024;
/** In which time all of it must be there, ms. */
const patienceMs = 15_000;

/** Lets go of a stranger who announces a body and sends it byte by byte, or never. */
export const hurry = ({ raw }: FastifyRequest, clock: Clock): void => {
  const announces =
    raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length']) > 0;
  if (!announces || raw.complete) return;
  const stop = clock.at(clock.now() + patienceMs, () => {
    if (!raw.complete) raw.destroy();
  });
  raw.once('close', stop);
};
