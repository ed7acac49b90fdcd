import { type Command, CommanderError } from 'commander';
import { type CliIo, createContext } from './context.ts';
import { createProgram, type Lazy } from './program.ts';
import { createTerminal } from './terminal.ts';

/** Ended by Ctrl-C, as shells count it. */
const interruptedCode = 130;

/** Runs one command line (without program name) and resolves with its exit code. Never rejects. */
export const runCli = async (argv: string[], io: CliIo): Promise<number> => {
  const isJson = argv.includes('--json');
  let code = 0;
  const lazy: Lazy =
    (load) =>
    async (...args) => {
      const command = args.pop() as Command;
      const run = (await load()) as (...values: unknown[]) => Promise<number | undefined>;
      code = (await run(createContext(io, command.optsWithGlobals()), ...args)) ?? 0;
    };
  const out = createTerminal(io.stdout, io.env);
  const err = createTerminal(io.stderr, io.env);
  try {
    const program = createProgram(lazy, (root) => {
      root.exitOverride();
      root.configureOutput({ writeOut: out.write, writeErr: isJson ? () => {} : err.write });
    });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (isJson && error.exitCode !== 0) {
        out.json({
          code: 'INVALID_PARAMS',
          message: error.message.replace(/^error: /, ''),
          next: 'See `reeve --help`.',
        });
      }
      return error.exitCode;
    }
    if (io.signal.aborted) return interruptedCode;
    const { asFault } = await import('./as-fault.ts');
    const { fault, isBug } = asFault(error);
    if (isJson) out.json(fault);
    else {
      err.writeStyled(err.style('red', fault.code), `: ${fault.message}\n`);
      if (fault.next) err.line(`  -> ${fault.next}`);
      if (isBug) err.line((error as Error).stack ?? String(error));
    }
    return 1;
  }
};
