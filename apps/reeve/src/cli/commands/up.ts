import type { Server, StartOptions } from '../../server.ts';
import { asFault } from '../as-fault.ts';
import type { CliContext, CommandRun } from '../context.ts';
import { openBrowser } from '../open-browser.ts';

interface UpOptions {
  port?: string;
  host?: string;
  open: boolean;
}

/** Runs the gateway in the foreground until SIGINT or SIGTERM; a second signal ends it at once. */
export const run: CommandRun<[UpOptions]> = async (context, { port, host, open }) => {
  const { io, home, out } = context;
  const [{ startServer }, { localPlaces }] = await Promise.all([
    import('../../server.ts'),
    import('../../providers/local-servers.ts'),
  ]);
  const options: StartOptions = {
    home,
    env: io.env,
    flags: { ...(port && { port }), ...(host && { host }) },
    localPlaces: localPlaces(io.env),
  };
  const server = await startServer(options);
  // Before anybody is told that it is ready: without a handler this signal ends a process.
  process.on('SIGHUP', () => void reload(server, context));
  const choice = await chosenModel(server);

  if (context.isJson)
    out.json({ url: server.url, loginLink: server.loginLink, home, pid: process.pid, ...choice });
  else {
    out.line('');
    out.writeStyled('  ', out.style('bold', 'Reeve is ready'), ` at ${server.url}\n\n`);
    out.line(`  Sign in  ${server.loginLink}`);
    out.line('           (works once; `npm run -s reeve -- token login-link` makes another)');
    out.line(`  Model    ${choice.model}: ${choice.modelReason}`);
    out.line(`  Data     ${home}\n`);
    out.line('  Next: open the link, or talk here in another terminal: npm run -s reeve -- chat');
    out.line('  Ctrl-C stops Reeve.\n');
  }
  if (open && out.isTty && !io.env['CI'] && !context.isJson) openBrowser(server.loginLink);

  await aborted(io.signal);
  if (!context.isJson) context.err.line('Stopping …');
  await server.stop();
};

/** A configuration that is not valid changes nothing: the one in use stays. */
const reload = async (server: Server, { err }: CliContext): Promise<void> => {
  try {
    const { needsRestart, warnings } = await server.reload();
    for (const { message } of warnings) err.line(`Warning: ${message}`);
    err.line(
      `Configuration read again.${needsRestart.length > 0 ? ` A restart is needed for: ${needsRestart.join(', ')}.` : ''}`,
    );
  } catch (error) {
    const { code, message } = asFault(error).fault;
    err.line(`${code}: ${message}`);
  }
};

/** Asked through the door, as any client would. */
const chosenModel = async ({ url, localToken }: Server): Promise<{ model: string; modelReason: string }> => {
  const { createReeveClient } = await import('@reeve/client');
  const { model, modelReason } = await createReeveClient({ url, token: localToken }).system.status();
  return { model, modelReason };
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
