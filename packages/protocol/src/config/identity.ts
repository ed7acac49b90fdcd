import { z } from 'zod';
import { signOnSchemas } from './sign-on.ts';

/** People: how they stay signed in, where their mail goes, who else vouches for them. */
export const identityConfigSchema = z
  .strictObject({
    maxSessions: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe('Places where one person may be signed in at once; the oldest sign-in ends.'),
    sessionDays: z
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('Days until somebody has to sign in again.'),
    publicUrl: z
      .union([z.literal(''), z.url({ protocol: /^https?$/ })])
      .default('')
      .describe('Address of this Reeve in links that are mailed; empty = the one it listens on.'),
    smtp: z
      .strictObject({
        host: z.string().default('').describe('Mail server for links; empty = nothing is mailed.'),
        port: z.number().int().min(1).max(65_535).default(587).describe('Port of the mail server.'),
        secure: z
          .boolean()
          .default(false)
          .describe('TLS from the first byte (port 465); otherwise STARTTLS.'),
        user: z.string().default('').describe('User name at the mail server; empty = none.'),
        password: z
          .string()
          .default('')
          .meta({ secret: true })
          .describe('Password at the mail server, best as secret:NAME.'),
        from: z.string().default('').describe('Sender of the mails; empty = the user name.'),
      })
      .prefault({}),
    ...signOnSchemas,
  })
  .prefault({});
