import { z } from 'zod';

/** A name that a client gives a session: `agent:main:anything`, or only the last part. */
export const sessionKeySchema = z.string().min(1).max(512);
export const runIdSchema = z.string().min(1).max(256);
/** For methods that take nothing; what is sent is ignored. */
export const noParamsSchema = z.object({});
