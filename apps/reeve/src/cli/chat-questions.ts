import type { ReeveClient } from '@reeve/client';
import type { Approval, ApprovalAnswer, StreamItem } from '@reeve/protocol';
import { type ApprovalDialog, createApprovalDialog } from './approval-dialog.ts';
import { stateOf, writePanel } from './approval-panel.ts';
import { showDuration, type Terminal } from './terminal.ts';

/** The questions of the session that is talked in: shown as they come, answered by the lines that follow. */
export interface ChatQuestions {
  /** Puts the questions that wait already. */
  open(sessionId: string): Promise<void>;
  receive(item: StreamItem): void;
  /** What stands before the next line while a question waits for it; null when none does. */
  prompt(): string | null;
  take(line: string): void;
  /** Forgets them: another session is talked in. */
  clear(): void;
}

/** How often the time that is left is shown anew, ms. */
export const tickMs = 1_000;

export const createChatQuestions = (deps: {
  client: ReeveClient;
  out: Terminal;
  /** Writes above the prompt. */
  show: (write: () => void) => void;
  prompt: () => void;
  /** Whether the time that is left can be shown anew in its place. */
  canTick: boolean;
  complain: (error: unknown) => void;
}): ChatQuestions => {
  const { client, out, show } = deps;
  let waiting: { approval: Approval; dialog: ApprovalDialog }[] = [];
  const now = () => Date.now();
  let ticking: NodeJS.Timeout | undefined;
  /** Each change of what waits comes by here: the time goes on only while there is something to answer. */
  const keep = (next: typeof waiting) => {
    waiting = next;
    if (waiting.length > 0 && deps.canTick) ticking ??= setInterval(deps.prompt, tickMs);
    else {
      clearInterval(ticking);
      ticking = undefined;
    }
  };

  const put = (approval: Approval) => {
    if (waiting.some((one) => one.approval.id === approval.id)) return;
    const isMine = approval.status === 'pending' && approval.mayDecide;
    if (isMine) keep([...waiting, { approval, dialog: createApprovalDialog(approval) }]);
    if (!isMine || waiting.length === 1)
      show(() => writePanel(out, approval, { now: now(), isWhole: false }));
    deps.prompt();
  };

  const remove = (id: string) => {
    const isShown = waiting[0]?.approval.id === id;
    keep(waiting.filter(({ approval }) => approval.id !== id));
    const next = waiting[0];
    if (isShown && next) show(() => writePanel(out, next.approval, { now: now(), isWhole: false }));
  };

  const ended = (id: string, text: string) => {
    show(() => out.writeStyled(out.style('dim', `  · ${id}: ${text}`), '\n'));
    remove(id);
    deps.prompt();
  };

  const answer = async (id: string, given: ApprovalAnswer) => {
    try {
      const { approval, isFirst } = await client.approvals.answer({ id, ...given });
      if (!isFirst) ended(id, stateOf(approval, now()));
    } catch (error) {
      deps.complain(error);
      const approval = await client.approvals.get({ id });
      if (approval.status === 'pending') put(approval);
    }
  };

  return {
    async open(sessionId) {
      const { approvals } = await client.approvals.list({ status: 'pending', sessionId });
      for (const approval of approvals.reverse()) put(approval);
    },

    receive(item) {
      if (item.type === 'approval.requested')
        client.approvals.get({ id: item.data.approvalId }).then(put, deps.complain);
      if (item.type === 'approval.settled') {
        const { approvalId, status, by, note } = item.data;
        ended(approvalId, `${status}${by === null ? '' : ` by ${by}`}${note === '' ? '' : `: ${note}`}`);
      }
    },

    prompt() {
      const [first] = waiting;
      if (!first) return null;
      const left = Math.max(0, first.approval.expiresAt - now());
      return `${showDuration(left)} ${first.dialog.prompt()}`;
    },

    take(line) {
      const { approval, dialog } = waiting[0]!;
      const step = dialog.take(line);
      if (step.kind === 'show') show(() => writePanel(out, approval, { now: now(), isWhole: true }));
      if (step.kind === 'ask' && step.say !== null) show(() => out.line(step.say!));
      if (step.kind === 'answer') {
        // Its end is told by the session's stream, whoever was first.
        remove(approval.id);
        answer(approval.id, step.answer).catch(deps.complain);
      }
      deps.prompt();
    },

    clear: () => keep([]),
  };
};
