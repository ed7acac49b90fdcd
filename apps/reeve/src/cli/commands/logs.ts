import type { CommandRun } from '../context.ts';

/** The last log lines as they lie in the file; with `follow` also those to come, until Ctrl-C. */
export const run: CommandRun<[{ follow?: boolean; lines: number }]> = async (
  context,
  { follow = false, lines },
) => {
  const client = await context.client();
  const { signal } = context.io;
  try {
    for await (const { line } of await client.system.logs({ lines, follow }, { signal })) {
      if (context.isJson) context.out.json({ line });
      else context.out.line(line);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
