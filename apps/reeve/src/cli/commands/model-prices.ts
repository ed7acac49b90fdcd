import { readFile, stat } from 'node:fs/promises';
import { FaultError, isFaultError } from '@reeve/protocol';
import { writeAtomically } from '../../config/edit.ts';
import { modelTableFile, today } from '../../providers/own-table.ts';
import type { CliContext, CommandRun } from '../context.ts';
import { plural } from '../terminal.ts';

/** The list that LiteLLM's project keeps up to date, under MIT. */
const liteLlm = 'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json';

/** Ten times what the largest known table has. */
const limitBytes = 20_000_000;
const fetchTimeoutMs = 30_000;

/**
 * Replaces the owner's table of models. Nothing is written unless the whole of the new one makes sense, and a running
 * gateway takes it into use. Throws FaultError CONFIG_ERROR.
 */
export const update: CommandRun<[{ from?: string }]> = async (context, { from = liteLlm }) => {
  const { readModelTable } = await import('@reeve/models');
  const text = /^https?:\/\//.test(from) ? await download(from, context.io.signal) : await read(from);
  const table = readModelTable(text, from, today(Date.now()));
  const file = modelTableFile(context.home);
  writeAtomically(file, `${JSON.stringify(table, null, 2)}\n`);
  const isInUse = await reload(context);
  const models = table.models.length;
  context.print({ file, models, updated: table.updated, source: table.source, isInUse }, () =>
    [
      `${file} holds ${plural(models, 'model')} as of ${table.updated}.`,
      isInUse ? 'The running Reeve uses them.' : 'Reeve uses them from its next start on.',
    ].join('\n'),
  );
};

const read = async (file: string): Promise<string> => {
  try {
    if ((await stat(file)).size > limitBytes) throw new Error('it is too large for a table of models');
    return await readFile(file, 'utf8');
  } catch (error) {
    throw notRead(file, error);
  }
};

const download = async (url: string, signal: AbortSignal): Promise<string> => {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
    });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response.body) {
      size += piece.length;
      if (size > limitBytes) throw new Error('it is too large for a table of models');
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch (error) {
    throw notRead(url, error);
  }
};

const notRead = (from: string, error: unknown) =>
  new FaultError('CONFIG_ERROR', `${from} cannot be read: ${(error as Error).message}.`, {
    next: 'Name a file or URL that holds a table with --from; the one in use stays.',
    cause: error,
  });

/** Whether a gateway runs on the data folder and has read the table. One at another address has a folder of its own. */
const reload = async (context: CliContext): Promise<boolean> => {
  if (context.given.url !== undefined) return false;
  try {
    const client = await context.client();
    await client.system.reload(undefined, { signal: context.io.signal });
    return true;
  } catch (error) {
    if (isFaultError(error) && error.fault.code === 'GATEWAY_UNREACHABLE') return false;
    throw error;
  }
};
