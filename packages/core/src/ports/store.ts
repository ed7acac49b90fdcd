import type {
  ClientRequest,
  DurableEvent,
  Fault,
  GenerationParams,
  Message,
  MessageRole,
  NewEvent,
  Notification,
  QueueMode,
  RunOutcome,
  Session,
  Usage,
} from '@reeve/protocol';
import type { Owner } from '../gate/actor.ts';
import type { ApprovalReads } from './approvals.ts';
import type { AuditEntry } from './audit.ts';
import type { Continuation } from './model.ts';
import type { ReminderAction, ReminderWhen } from './reminders.ts';

/** The view of one run: what became of one received message. */
export interface Turn {
  runId: string;
  sessionId: string;
  owner: Owner;
  /** Model chosen for the session, null for the default. */
  sessionModel: string | null;
  sessionParams: GenerationParams | null;
  /** The message that asked for it. */
  messageId: string;
  channel: string;
  senderKind: 'user' | 'schedule';
  /** Sequence number of the received message. */
  seq: number;
  queueMode: QueueMode;
  model: string | null;
  params: GenerationParams | null;
  client: ClientRequest | null;
  state: 'queued' | 'running' | 'ended';
  outcome: RunOutcome | null;
  answerId: string | null;
  absorbedBy: string | null;
  fault: Fault | null;
}

/** What was accepted under an idempotency key. */
export interface InboxEntry {
  sessionId: string;
  messageId: string;
  runId: string;
  seq: number;
  /** SHA-256 of the text: the same key with another text is a conflict. */
  digest: string;
}

/** A message in the order in which a model must read it; those still waiting have no place yet and are absent. */
export interface TranscriptMessage extends Message {
  /** Where it stands in the conversation; larger than every place before it. */
  position: number;
  continuation: Continuation | null;
}

/** A turn, what it answered, and whether its session did not go on since. */
export interface TurnWithAnswer {
  turn: Turn;
  answer: Message | null;
  isLast: boolean;
}

/** The part of a session that matters for a prompt. */
export interface Transcript {
  session: Session;
  instructions: string | null;
  /** Stands for every unpinned message up to `compactedThrough`. */
  summary: string | null;
  compactedThrough: number;
  /** Messages after `compactedThrough`, and pinned ones before it, in order. */
  messages: TranscriptMessage[];
}

export interface StoredReminder {
  id: string;
  owner: Owner;
  sessionId: string;
  text: string;
  action: ReminderAction;
  when: ReminderWhen;
  isActive: boolean;
  createdAt: number;
}

export interface UsageSum {
  calls: number;
  usage: Usage;
}

export interface UsageReport {
  byModel: (UsageSum & { provider: string; model: string })[];
  byChannel: (UsageSum & { channel: string })[];
  /** Days of UTC as YYYY-MM-DD, the newest first, at most 366. */
  byDay: (UsageSum & { day: string })[];
}

/** A message, or the title of a session, that holds what was searched for. */
export interface SearchHit {
  sessionId: string;
  title: string;
  /** Null when it is the title. */
  message: { id: string; role: MessageRole } | null;
  seq: number;
  /** The part of it that matches, in one line. */
  excerpt: string;
  /** Where the words stand in the excerpt: from, and up to but not including. */
  marks: [from: number, to: number][];
  createdAt: number;
}

export interface JournalCheck {
  events: number;
  sessions: number;
  messages: number;
  /** View rows that differed from what the journal says, before they were replaced. */
  differences: number;
  /** Sessions whose hash chain does not hold. */
  brokenChains: string[];
}

/** Reads see everything that is durable, and nothing that is not. */
export interface StoreReads extends ApprovalReads {
  events(sessionId: string, after: number, limit: number): Promise<DurableEvent[]>;
  /** False when it is certain, without asking the disk, that a session has no durable event after `after`. */
  mayHaveEvents(sessionId: string, after: number): boolean;
  session(owner: Owner, id: string): Promise<Session | null>;
  sessions(
    owner: Owner,
    query: { limit: number; cursor?: string | undefined; search?: string | undefined },
  ): Promise<{ sessions: Session[]; nextCursor: string | null }>;
  /**
   * Titles and messages (but no results of tools) that hold every word of the query, whatever its case and accents;
   * the last word may be only begun. The best first: by how well they match, and how new they are.
   */
  search(owner: Owner, query: { query: string; limit: number }): Promise<SearchHit[]>;
  /** How far a person has read these sessions; one without a mark was never read. */
  readMarks(owner: Owner, sessionIds: readonly string[]): Promise<Map<string, number>>;
  messages(
    sessionId: string,
    range: { after?: number | undefined; before?: number | undefined; limit: number },
  ): Promise<Message[]>;
  message(sessionId: string, id: string): Promise<Message | null>;
  /** The message of the run `runId` stands last when it has no place yet. */
  transcript(sessionId: string, runId?: string): Promise<Transcript | null>;
  turn(runId: string): Promise<Turn | null>;
  /** The newest turn of a client-kept conversation. */
  turnByThread(owner: Owner, thread: string): Promise<TurnWithAnswer | null>;
  turnWithAnswer(owner: Owner, runId: string): Promise<TurnWithAnswer | null>;
  /** The whole text of an artifact of a session. */
  artifact(sessionId: string, id: string): Promise<string | null>;
  /** Turns that have not ended, of one session or of all, oldest first. */
  openTurns(sessionId?: string): Promise<Turn[]>;
  eventByKey(sessionId: string, key: string): Promise<DurableEvent | null>;
  inboxEntry(owner: Owner, key: string): Promise<InboxEntry | null>;
  notifications(owner: Owner, sessionId?: string): Promise<Notification[]>;
  reminders(owner: Owner): Promise<StoredReminder[]>;
  reminder(id: string): Promise<StoredReminder | null>;
  usage(owner: Owner, since: number, sessionId?: string): Promise<UsageReport>;
  counts(): Promise<{ sessions: number; events: number; deliveriesPending: number }>;
}

/** Inside `write`: reads see the writes of this and earlier writers, and all of it becomes durable together or not at all. */
export interface StoreTx {
  /**
   * Adds an event to the journal of a session and to the views. With a key, a second append of the same key in
   * the same session changes nothing and returns the first event.
   */
  append(sessionId: string, event: NewEvent, key?: string): Promise<DurableEvent>;
  /** With the number of its turns that have not ended. */
  session(owner: Owner, id: string): Promise<(Session & { openTurns: number }) | null>;
  inboxEntry(owner: Owner, key: string): Promise<InboxEntry | null>;
  eventByKey(sessionId: string, key: string): Promise<DurableEvent | null>;
  openTurns(sessionId: string): Promise<Turn[]>;
  turn(runId: string): Promise<Turn | null>;
  /** Removes what a deleted session said and knew; its tombstone stays in the journal. */
  purgeSession(sessionId: string): Promise<void>;
  /** Adds to the audit together with what it is about. */
  audit(entry: AuditEntry): Promise<void>;
  saveArtifact(artifact: { id: string; sessionId: string; name: string; text: string }): Promise<void>;
  /** Moves a person's mark forward to `seq`, never back. False when it stood there or further. */
  markRead(owner: Owner, sessionId: string, seq: number): Promise<boolean>;
  /** Marks answers and notifications up to `seq` as seen by the user. */
  markDelivered(sessionId: string, seq: number): Promise<void>;
  saveReminder(reminder: StoredReminder): Promise<void>;
}

/**
 * Where facts live. `write` runs one writer at a time; writers that wait together are made durable by one fsync.
 * It resolves when the write is durable and rejects with FaultError DATABASE_ERROR when it could not be made so
 * (nothing of it remains then) or with whatever `fn` threw. `fn` must do nothing but use `tx`: its effects on
 * memory belong after the promise. `lazy` writes wait for the next other write, at most a quarter of a second.
 * Committed events are handed to the listener in order, after they are durable.
 */
export interface Store extends StoreReads {
  write<T>(fn: (tx: StoreTx) => Promise<T>, options?: { isLazy?: boolean }): Promise<T>;
  onCommitted(listener: (events: readonly DurableEvent[]) => void): void;
  /** Drops every view and builds it anew from the journal; verifies each session's hash chain. */
  rebuild(): Promise<JournalCheck>;
  storageState(): { state: 'ok' | 'failing'; lastError: string | null };
}
