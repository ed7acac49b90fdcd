import { type ReeveClient, toFaultError } from '@reeve/client';
import { loadConfig } from '../../config/index.ts';
import type { CliContext, CommandRun } from '../context.ts';
import {
  checkClock,
  checkConfig,
  checkDisk,
  checkHome,
  checkNode,
  checkPort,
  checkProviders,
  checkWorkspace,
  type Finding,
  fail,
  ok,
  warn,
} from '../doctor-checks.ts';
import type { Style } from '../terminal.ts';

/** Looks at everything that Reeve needs and says how to mend what is wrong; also when the gateway is down. */
export const run: CommandRun<[]> = async (context) => {
  const findings = await examine(context);
  const isWell = findings.every(({ state }) => state !== 'fail');
  if (context.isJson) context.out.json({ ok: isWell, checks: findings });
  else for (const finding of findings) write(context, finding);
  return isWell ? 0 : 1;
};

const examine = async ({ home, io, client }: CliContext): Promise<Finding[]> => {
  const loaded = loadConfig({ home, env: io.env });
  const timeZone = loaded.ok
    ? loaded.config.agent.timeZone
    : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = [
    checkNode(process.versions.node),
    checkHome(home),
    checkConfig(loaded),
    await checkDisk(home),
    checkWorkspace(home),
    checkClock(Date.now(), timeZone),
  ];

  const answers = await client()
    .then((reeve) => askGateway(reeve, io.signal))
    .catch((error: unknown) => toFaultError(error).fault);
  if (Array.isArray(answers)) return [...local, ...answers];
  const isDown = answers.code === 'GATEWAY_UNREACHABLE';
  const gateway = isDown
    ? warn('gateway', 'Reeve is not running', answers.next ?? 'Start it with `npm start`.')
    : fail('gateway', answers.message, answers.next ?? 'See `reeve logs`.');
  if (!loaded.ok || !isDown) return [...local, gateway];
  return [
    ...local,
    gateway,
    await checkPort(loaded.config.gateway),
    ...(await checkProviders(loaded.config, io.env, io.signal)),
  ];
};

const askGateway = async (client: ReeveClient, signal: AbortSignal): Promise<Finding[]> => {
  const [status, { providers }] = await Promise.all([
    client.system.status(undefined, { signal }),
    client.providers.list(undefined, { signal }),
  ]);
  const { storage } = status;
  return [
    ok('gateway', `Reeve ${status.version} answers at ${status.url}`),
    storage.state === 'ok'
      ? ok('database', `healthy, ${status.events} events`)
      : fail(
          'database',
          storage.lastError ?? 'failing',
          'Check disk space and disk health, then restart Reeve.',
        ),
    ...providers.map((provider): Finding => {
      const name = `models.${provider.id}`;
      if (provider.state === 'ok' || provider.state === 'unknown')
        return ok(name, `${provider.state === 'ok' ? 'answers' : 'not used yet'} (${provider.reason})`);
      const next =
        provider.state === 'auth_expired'
          ? 'Check its key.'
          : 'Check that the server runs and its address; others in the chain answer meanwhile.';
      return (provider.state === 'down' || provider.state === 'auth_expired' ? fail : warn)(
        name,
        `${provider.state}: ${provider.lastError ?? provider.reason}`,
        next,
      );
    }),
  ];
};

const marks: Record<Finding['state'], [Style, string]> = {
  ok: ['green', 'ok  '],
  warn: ['yellow', 'warn'],
  fail: ['red', 'FAIL'],
};

const write = ({ out }: CliContext, { name, state, message, next }: Finding): void => {
  const [style, mark] = marks[state];
  out.writeStyled(out.style(style, mark), `  ${name.padEnd(12)} ${message}\n`);
  if (next) out.line(`      ${''.padEnd(12)} -> ${next}`);
};
