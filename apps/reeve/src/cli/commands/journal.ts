import type { CommandRun } from '../context.ts';
import { plural } from '../terminal.ts';

export const rebuild: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const result = await client.system.rebuildJournal(undefined, { signal: context.io.signal });
  const isSound = result.brokenChains.length === 0;
  context.print(result, () =>
    [
      `Rebuilt from ${plural(result.events, 'event')}: ${plural(result.sessions, 'session')}, ${plural(result.messages, 'message')}.`,
      result.differences === 0
        ? 'The views were as they should be.'
        : `${plural(result.differences, 'difference')} found and put right.`,
      isSound
        ? 'Every chain of the journal is whole.'
        : `The journal was changed from outside in: ${result.brokenChains.join(', ')}. Compare with a backup.`,
    ].join('\n'),
  );
  return isSound ? 0 : 1;
};
