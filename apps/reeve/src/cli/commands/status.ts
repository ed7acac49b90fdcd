import type { CommandRun } from '../context.ts';
import { showBytes, showDuration, showTime } from '../terminal.ts';

export const run: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const status = await client.system.status(undefined, { signal: context.io.signal });
  context.print(status, () =>
    [
      `Reeve ${status.version} at ${status.url}`,
      `Data      ${status.home}`,
      `Running   for ${showDuration(status.uptimeMs)}, since ${showTime(status.startedAt)}`,
      `Model     ${status.model} (${status.modelReason})`,
      `Sessions  ${status.sessions}, ${status.events} events in the journal`,
      `Runs      ${status.runs.running} running, ${status.runs.queued} queued, ${status.runs.waiting} waiting; ${status.schedules} schedules; ${status.deliveriesPending} deliveries pending`,
      `Storage   ${status.storage.state}${status.storage.lastError ? `: ${status.storage.lastError}` : ''}`,
      `Memory    ${showBytes(status.rssBytes)}`,
    ].join('\n'),
  );
  return status.storage.state === 'ok' ? 0 : 1;
};
