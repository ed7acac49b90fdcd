import { createInterface } from 'node:readline';
import type { ReeveClient } from '@reeve/client';
import type { Approval } from '@reeve/protocol';
import { createApprovalDialog } from './approval-dialog.ts';
import { asItIs, type NameOf, stateOf, writePanel } from './approval-panel.ts';
import { tickMs } from './chat-questions.ts';
import type { CliContext } from './context.ts';
import { showDuration } from './terminal.ts';

/** Every so many ticks somebody else may have answered. */
const lookEvery = 2;

/**
 * Shows a question and takes the answer, with the time that is left before the prompt. Resolves to the question as it
 * was settled, here or by somebody else; null when whoever sits there leaves it open (Ctrl-C). Rejects with what the
 * gateway answers to the answer.
 */
export const askApproval = async (
  { io, out }: CliContext,
  client: ReeveClient,
  approval: Approval,
  nameOf: NameOf = asItIs,
): Promise<Approval | null> => {
  const dialog = createApprovalDialog(approval);
  const reader = createInterface({
    input: io.stdin,
    output: io.stdout as NodeJS.WriteStream,
    terminal: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Approval | null>();
  const left = () => Math.max(0, approval.expiresAt - Date.now());
  const prompt = () => {
    reader.setPrompt(`${showDuration(left())} ${dialog.prompt()}`);
    reader.prompt(true);
  };
  const look = async () => {
    const now = await client.approvals.get({ id: approval.id }, { signal: io.signal });
    if (now.status !== 'pending') resolve(now);
  };

  writePanel(out, approval, { now: Date.now(), isWhole: false, nameOf });
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
    if (ticks % lookEvery === 0 || left() === 0) look().catch(reject);
    if (io.env['TERM'] !== 'dumb') prompt();
  }, tickMs);
  let isAnswering = false;
  reader.on('line', (line) => {
    if (isAnswering) return;
    const step = dialog.take(line);
    if (step.kind === 'answer') {
      isAnswering = true;
      client.approvals
        .answer({ id: approval.id, ...step.answer }, { signal: io.signal })
        .then((answered) => resolve(answered.approval), reject);
      return;
    }
    if (step.kind === 'show') writePanel(out, approval, { now: Date.now(), isWhole: true, nameOf });
    else if (step.say !== null) out.line(step.say);
    prompt();
  });
  const leave = () => resolve(null);
  reader.once('SIGINT', leave);
  reader.once('close', leave);
  io.signal.addEventListener('abort', leave, { once: true });
  prompt();
  try {
    const settled = await promise;
    if (settled) out.line(`\n${settled.id}: ${stateOf(settled, Date.now(), nameOf)}`);
    return settled;
  } finally {
    clearInterval(ticking);
    io.signal.removeEventListener('abort', leave);
    reader.close();
  }
};
