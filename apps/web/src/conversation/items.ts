import type {
  ApprovalRequest,
  ApprovalSettlement,
  Fault,
  ImageRef,
  Json,
  ModelAttempt,
  RunOutcome,
  Usage,
} from '@reeve/protocol';

export interface CallResult {
  status: 'running' | 'ok' | 'failed' | 'denied' | 'interrupted' | 'cancelled';
  text: string;
  durationMs: number | null;
  risk: string | null;
}

export interface CallView {
  /** Run and call: ids of calls are unique within their run only. */
  key: string;
  name: string;
  args: Json;
  result: CallResult | null;
}

export interface UserItem {
  kind: 'user';
  id: string;
  at: number;
  runId: string | null;
  text: string;
  images: readonly ImageRef[];
  /** By a schedule, not by a person. */
  isScheduled: boolean;
}

export interface AnswerItem {
  kind: 'answer';
  id: string;
  at: number;
  runId: string | null;
  text: string;
  reasoning: string;
  calls: readonly CallView[];
  model: string | null;
  attempts: readonly ModelAttempt[];
  usage: Usage | null;
  durationMs: number | null;
  firstTokenMs: number | null;
  /** Still being written. */
  isLive: boolean;
}

export interface EndItem {
  kind: 'end';
  id: string;
  at: number;
  runId: string;
  outcome: RunOutcome;
  fault: Fault | null;
}

/** A person is asked whether calls may be made. */
export interface ApprovalItem {
  kind: 'approval';
  id: string;
  at: number;
  request: ApprovalRequest;
  settled: (ApprovalSettlement & { at: number }) | null;
}

export type Item =
  | UserItem
  | AnswerItem
  | EndItem
  | ApprovalItem
  | { kind: 'command'; id: string; at: number; text: string; name: string | null }
  | { kind: 'notification'; id: string; at: number; text: string }
  | { kind: 'fork'; id: string; at: number; sessionId: string }
  | { kind: 'summary'; id: string; at: number; text: string };

/** Items that are drawn, and left out again, together. */
export interface Block {
  id: string;
  items: readonly Item[];
}
