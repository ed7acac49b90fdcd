import {
  type EmergencyIndicator,
  FaultError,
  type MaskedSecret,
  type SecretInfo,
  type SecretPolicy,
  type SecretVerify,
  secretPolicySchema,
} from '@reeve/protocol';
import type { CliContext, CommandRun } from '../context.ts';
import { readSecret } from '../read-secret.ts';
import { showTime, table } from '../terminal.ts';

interface Whose {
  mine?: boolean;
}

interface PolicyOptions {
  every?: number;
  window?: number;
  verify?: SecretVerify['kind'];
  verifyUrl?: string;
  generate?: boolean;
}

const line = ({ handle, masked, version }: MaskedSecret): string =>
  `${handle} = ${masked} (version ${version})`;

export const set: CommandRun<[string, Whose & PolicyOptions & { stdin?: boolean }]> = async (
  context,
  name,
  { stdin, mine = false, ...options },
) => {
  const client = await context.client();
  const policy = policyOf(options);
  const value = await readSecret(context.io, { message: `Value of ${name}`, isFromStdin: stdin });
  const secret = await client.secrets.set(
    { name, value, mine, ...(policy && { policy }) },
    { signal: context.io.signal },
  );
  context.print(secret, () => `${line(secret)} is kept. Settings name it as ${secret.handle}.`);
};

export const get: CommandRun<[string, Whose]> = async (context, name, { mine = false }) => {
  const client = await context.client();
  const secret = await client.secrets.get({ id: name, mine }, { signal: context.io.signal });
  context.print(secret, () => line(secret));
};

export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.secrets.list(undefined, { signal: context.io.signal });
  context.print(result, () =>
    result.secrets.length === 0
      ? 'No secrets. Keep one with `reeve secret set NAME`.'
      : table(
          ['NAME', 'WHOSE', 'VERSION', 'CHANGED', 'STATE'],
          result.secrets.map((secret) => [
            secret.name,
            secret.isMine ? 'mine' : 'everybody’s',
            String(secret.version),
            secret.updatedAt === null ? 'unknown' : showTime(secret.updatedAt),
            stateOf(secret),
          ]),
        ),
  );
};

const stateOf = ({ revoked, rotation, lastFailure, dueAt }: SecretInfo): string => {
  if (revoked) return `revoked (${revoked.indicator})`;
  if (rotation?.phase === 'verifying') return `version ${rotation.to} is being tried`;
  if (rotation?.until) return `version ${rotation.from} valid until ${showTime(rotation.until)}`;
  if (lastFailure !== null) return `last rotation failed: ${lastFailure}`;
  return dueAt === null ? 'ok' : `new value due ${showTime(dueAt)}`;
};

export const rm: CommandRun<[string, Whose]> = async (context, name, { mine = false }) => {
  const client = await context.client();
  const result = await client.secrets.delete(
    { params: { id: name }, query: { mine } },
    { signal: context.io.signal },
  );
  context.print(result, () => `${name} is deleted.`);
};

export const rotate: CommandRun<
  [string, Whose & { stdin?: boolean; generate?: boolean; rollback?: boolean }]
> = async (context, name, { stdin, generate, rollback, mine = false }) => {
  const client = await context.client();
  const { signal } = context.io;
  if (rollback) {
    const secret = await client.secrets.rollback({ id: name, mine }, { signal });
    context.print(secret, () => `${line(secret)} is in use again.`);
    return;
  }
  const value = generate
    ? undefined
    : await readSecret(context.io, { message: `New value of ${name}`, isFromStdin: stdin });
  const secret = await client.secrets.rotate(
    { id: name, mine, ...(value !== undefined && { value }) },
    { signal },
  );
  const until = secret.rotation?.until;
  context.print(
    secret,
    () =>
      `${line(secret)} is in use.${until ? ` Version ${secret.rotation!.from} stays valid until ${showTime(until)}.` : ''}`,
  );
};

export const policy: CommandRun<[string, Whose & PolicyOptions & { none?: boolean }]> = async (
  context,
  name,
  { mine = false, none, ...options },
) => {
  const wanted = none ? null : policyOf(options);
  if (wanted === undefined)
    throw new FaultError('INVALID_PARAMS', 'Say what the policy is, or --none.', {
      next: 'See `reeve secret policy --help`.',
    });
  const client = await context.client();
  const secret = await client.secrets.policy(
    { id: name, mine, policy: wanted },
    { signal: context.io.signal },
  );
  context.print(secret, () => `${name}: ${stateOf(secret)}.`);
};

export const adopt: CommandRun<[string | undefined, { as?: string; all?: boolean }]> = async (
  context,
  from,
  { as: name, all },
) => {
  const client = await context.client();
  const { signal } = context.io;
  const { found } = await client.secrets.adoptable(undefined, { signal });
  if (from === undefined && !all) {
    context.print({ found }, () =>
      found.length === 0
        ? 'No keys lie in plain text in reeve.toml or the environment.'
        : `${table(
            ['FROM', 'VALUE', 'WOULD BE'],
            found.map((one) => [one.from, one.masked, `secret:${one.name}`]),
          )}\nMove them in with \`reeve secret adopt FROM\`, or all with --all.`,
    );
    return;
  }
  const adopted: Awaited<ReturnType<typeof client.secrets.adopt>>[] = [];
  for (const one of all ? found.map((each) => each.from) : [from!])
    adopted.push(await client.secrets.adopt({ from: one, ...(name && { name }) }, { signal }));
  context.print({ adopted }, () =>
    adopted.length === 0
      ? 'There is nothing to move.'
      : adopted
          .map(
            ({ name: kept, setting, variable }) =>
              `${setting} is now secret:${kept}.${variable ? ` Remove ${variable} from the environment: it still holds the key.` : ''}`,
          )
          .join('\n'),
  );
};

export const status: CommandRun<[]> = async (context) => {
  const client = await context.client();
  showStatus(context, await client.secrets.status(undefined, { signal: context.io.signal }));
};

export const lock: CommandRun<[]> = async (context) => {
  const client = await context.client();
  showStatus(context, await client.secrets.lock(undefined, { signal: context.io.signal }));
};

/** Asks for the passphrase only where there is one. */
export const unlock: CommandRun<[{ stdin?: boolean }]> = async (context, { stdin }) => {
  const client = await context.client();
  const { signal } = context.io;
  const isNeeded = stdin || (await needsPassphrase(client));
  const passphrase = isNeeded
    ? await readSecret(context.io, { message: 'Passphrase', isFromStdin: stdin })
    : undefined;
  const { state } = await client.secrets.status(undefined, { signal });
  if (state === 'new' && !stdin && passphrase !== undefined) {
    const again = await readSecret(context.io, { message: 'The same again' });
    if (again !== passphrase)
      throw new FaultError('INVALID_PARAMS', 'The two differ; nothing was changed.', { next: 'Try again.' });
  }
  showStatus(
    context,
    await client.secrets.unlock(passphrase === undefined ? {} : { passphrase }, { signal }),
  );
};

const needsPassphrase = async (client: Awaited<ReturnType<CliContext['client']>>): Promise<boolean> => {
  const { values } = await client.config.list();
  const settingOf = (key: string) => values.find((one) => one.key === key)?.value;
  return settingOf('secrets.backend') === 'local' && settingOf('secrets.key') === 'passphrase';
};

export const emergency: CommandRun<
  [string[], { all?: boolean; indicator: EmergencyIndicator; note?: string }]
> = async (context, names, { all, indicator, note }) => {
  if ((names.length === 0) === (all !== true))
    throw new FaultError('INVALID_PARAMS', 'Name the secrets, or say --all.', {
      next: 'Nothing was changed.',
    });
  const client = await context.client();
  const result = await client.secrets.emergency(
    { indicator, ...(names.length > 0 && { names }), ...(note && { note }) },
    { signal: context.io.signal },
  );
  context.print(result, () =>
    [
      `May not be used any more: ${result.revoked.join(', ') || 'none'}.`,
      ...(result.regenerated.length > 0 ? [`Have new values: ${result.regenerated.join(', ')}.`] : []),
      ...(result.revoked.length > 0
        ? ['Make new ones at their providers, then `reeve secret set NAME`.']
        : []),
    ].join('\n'),
  );
};

const showStatus = (
  context: CliContext,
  status: { backend: string; state: string; reason: string | null; warnings: { message: string }[] },
): void =>
  context.print(status, () =>
    [
      `${status.backend}: ${status.state}${status.reason ? `: ${status.reason}` : ''}`,
      ...status.warnings.map(({ message }) => `Warning: ${message}`),
    ].join('\n'),
  );

/** What the options say of rotation; undefined when they say nothing. */
const policyOf = ({
  every,
  window,
  verify,
  verifyUrl,
  generate,
}: PolicyOptions): SecretPolicy | undefined => {
  if ([every, window, verify, verifyUrl, generate].every((option) => option === undefined)) return undefined;
  if (verifyUrl !== undefined && verify === undefined)
    throw new FaultError('INVALID_PARAMS', '--verify-url needs --verify.', { next: 'Use --verify http.' });
  return secretPolicySchema.parse({
    ...(every !== undefined && { intervalDays: every }),
    ...(window !== undefined && { windowHours: window }),
    ...(verify !== undefined && { verify: { kind: verify, ...(verifyUrl && { url: verifyUrl }) } }),
    ...(generate !== undefined && { generate }),
  });
};
