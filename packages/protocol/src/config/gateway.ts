import { z } from 'zod';

/** The door: where it listens, who may knock and what opens it. */
export const gatewayConfigSchema = z
  .strictObject({
    port: z.number().int().min(0).max(65_535).default(18_789).describe('TCP port; 0 lets the system choose.'),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on. Anything but loopback makes Reeve reachable for others.'),
    allowedHosts: z
      .array(z.string())
      .default([])
      .describe('Further host names under which Reeve may be opened (behind a reverse proxy, say).'),
    corsOrigins: z.array(z.url()).default([]).describe('Web origins whose pages may call the API.'),
    bodyLimitBytes: z
      .number()
      .int()
      .min(1024)
      .default(20_971_520)
      .describe('Largest request body, in bytes.'),
    trustProxy: z.boolean().default(false).describe('Believe X-Forwarded-For of a reverse proxy.'),
    auth: z
      .strictObject({
        mode: z
          .enum(['token', 'password', 'device-token', 'trusted-proxy', 'none'])
          .default('token')
          .describe(
            'What opens the door beside accounts and their API keys: token = nothing, password = one shared password, device-token = sockets must prove a key of their own, trusted-proxy = a proxy names the person, none = everybody on this machine (loopback only).',
          ),
        password: z
          .string()
          .regex(/^$|^[0-9a-f]{32}:[0-9a-f]{128}$/, 'must be a hash made by `reeve token hash-password`')
          .default('')
          .meta({ secret: true })
          .describe('Hash of the shared password, made by `reeve token hash-password`.'),
        proxy: z
          .strictObject({
            addresses: z
              .array(z.string())
              .default([])
              .describe('Addresses or networks of the proxy that may name people.'),
            userHeader: z
              .string()
              .regex(/^[a-z0-9-]+$/i)
              .default('x-forwarded-user')
              .describe('Header in which the proxy names the person by e-mail address.'),
            unknown: z
              .enum(['refuse', 'guest'])
              .default('refuse')
              .describe('What happens to a person whom Reeve does not know.'),
          })
          .prefault({}),
      })
      .prefault({}),
  })
  .prefault({});
