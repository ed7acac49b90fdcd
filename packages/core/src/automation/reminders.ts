import { FaultError } from '@reeve/protocol';
import { type Actor, type Owner, sameOwner } from '../gate/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine, RunFn } from '../ports/engine.ts';
import type { Reminder, Reminders } from '../ports/reminders.ts';
import type { Store, StoredReminder } from '../ports/store.ts';
import type { Chat } from '../session/chat.ts';

/** Name of the engine's function that carries out a reminder. */
export const reminderFn = 'reminder';
/** Later than this, the reminder says how late it is (F173). */
const lateMs = 60_000;

export interface RemindersDeps {
  store: Store;
  engine: Engine;
  clock: Clock;
  fingerprint: (text: string) => string;
}

const scheduleId = (id: string) => `reminder:${id}`;
const runIdOf = (id: string) => `run_${id}`;

export const createReminders = ({ store, engine, clock, fingerprint }: RemindersDeps): Reminders => {
  const present = async (stored: StoredReminder): Promise<Reminder> => {
    const { owner: _owner, isActive: _isActive, ...reminder } = stored;
    return {
      ...reminder,
      nextAt: stored.when.kind === 'once' ? stored.when.at : await engine.nextAt(scheduleId(stored.id)),
    };
  };
  return {
    async add(actor, { sessionId, text, action, when, key }) {
      if (when.kind === 'once' && when.at <= clock.now())
        throw new FaultError('INVALID_PARAMS', 'That time has passed already.');
      // Same call, same id: an attempt after a crash finds what the first one made.
      const id = `rem_${fingerprint(key).slice(0, 24)}`;
      const known = await store.reminder(id);
      const stored: StoredReminder = known ?? {
        id,
        owner: { tenantId: actor.tenantId, userId: actor.userId },
        sessionId,
        text,
        action,
        when,
        isActive: true,
        createdAt: clock.now(),
      };
      const lane = scheduleId(id);
      if (when.kind === 'cron') {
        await engine.schedule({
          id: lane,
          cron: when.cron,
          timeZone: when.timeZone,
          lane,
          fn: reminderFn,
          input: { id },
        });
      }
      await store.write((tx) => tx.saveReminder(stored));
      if (when.kind === 'once') {
        await engine.enqueue({
          runId: runIdOf(id),
          lane,
          fn: reminderFn,
          input: { id, dueAt: when.at },
          delayMs: when.at - clock.now(),
        });
      }
      return present(stored);
    },

    async list(actor) {
      const all = await Promise.all((await store.reminders(actor)).map(present));
      return all.sort(
        (a, b) => (a.nextAt ?? Number.MAX_SAFE_INTEGER) - (b.nextAt ?? Number.MAX_SAFE_INTEGER),
      );
    },

    async cancel(actor, id) {
      const stored = await store.reminder(id);
      if (!stored || !sameOwner(stored.owner, actor) || !stored.isActive) return false;
      await store.write((tx) => tx.saveReminder({ ...stored, isActive: false }));
      if (stored.when.kind === 'cron') await engine.unschedule(scheduleId(id));
      else await engine.cancel(runIdOf(id));
      return true;
    },
  };
};

/**
 * Carries out a due reminder: says its text in its session, or lets the agent answer it there, for whoever asked for it
 * and with no more rights than they have now.
 */
export const createReminderRun = (
  { store, clock }: RemindersDeps,
  accept: Chat['accept'],
  actorOf: (owner: Owner, channel: string) => Actor,
): RunFn => {
  const saySomething = (runId: string, reminder: StoredReminder, dueAt: number) => {
    const late = Math.floor((clock.now() - dueAt) / 60_000);
    const text = `${clock.now() - dueAt > lateMs ? `[${late} min late] ` : ''}Reminder: ${reminder.text}`;
    return store.write((tx) =>
      tx.append(
        reminder.sessionId,
        {
          type: 'notification.posted',
          data: { messageId: `msg_${runId}`, source: { kind: 'reminder', id: reminder.id }, text },
        },
        runId,
      ),
    );
  };
  return async (ctx, input) => {
    const { id, dueAt } = input as { id: string; dueAt: number };
    const reminder = await store.reminder(id);
    if (!reminder?.isActive) return null;
    // The session may have been deleted since; the promise to remind stands, in a session of its own.
    const session = await store.session(reminder.owner, reminder.sessionId);
    const target = session ? reminder : { ...reminder, sessionId: `ses_${id}` };
    if (!session && !(await store.session(reminder.owner, target.sessionId))) {
      await store.write((tx) =>
        tx.append(
          target.sessionId,
          {
            type: 'session.created',
            data: {
              tenantId: reminder.owner.tenantId,
              owner: reminder.owner.userId,
              channel: 'schedule',
              title: reminder.text.slice(0, 60),
              queueMode: 'queue',
            },
          },
          'created',
        ),
      );
    }
    if (reminder.action === 'say') {
      await saySomething(ctx.runId, target, dueAt);
    } else {
      await accept(actorOf(reminder.owner, 'schedule'), {
        text: reminder.text,
        sessionId: target.sessionId,
        idempotencyKey: ctx.runId,
        sender: { kind: 'schedule', id },
      });
    }
    if (reminder.when.kind === 'once')
      await store.write((tx) => tx.saveReminder({ ...reminder, isActive: false }));
    return null;
  };
};
