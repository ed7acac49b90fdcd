import type { Generated } from 'kysely';

/** Times are Unix ms, booleans 0 or 1, columns named *_json hold JSON text. */
export interface Schema {
  /** The journal: append-only truth. `id` orders all sessions, `seq` one. */
  events: {
    id: Generated<number>;
    session_id: string;
    seq: number;
    at: number;
    type: string;
    data_json: string;
    key: string | null;
    hash: string;
  };

  // Views of the journal.
  sessions: {
    id: string;
    tenant: string;
    owner: string;
    title: string;
    channel: string;
    model: string | null;
    queue_mode: string;
    instructions: string | null;
    created_at: number;
    updated_at: number;
    last_seq: number;
    message_count: number;
    open_turns: number;
    /** Sequence number of the last message that asked for a run. */
    last_turn_seq: number;
    input_tokens: number;
    output_tokens: number;
    summary: string | null;
    compacted_through: number;
    params_json: string | null;
    cost_usd: number;
    /** Sequence number of the last answer, failure or notification. */
    news_seq: number;
  };
  messages: {
    id: string;
    session_id: string;
    seq: number;
    position: number | null;
    run_id: string | null;
    role: string;
    text: string;
    tool_calls_json: string | null;
    tool_call_id: string | null;
    name: string | null;
    is_error: number;
    provider: string | null;
    model: string | null;
    usage_json: string | null;
    input_tokens: number;
    output_tokens: number;
    is_pinned: number;
    created_at: number;
    /** Null when the price is not known, and for messages of no model. */
    cost_usd: number | null;
    images_json: string | null;
    continuation_json: string | null;
  };
  /** Model calls that are no message. */
  calls: {
    session_id: string;
    seq: number;
    purpose: string;
    channel: string;
    provider: string;
    model: string;
    input_tokens: number;
    output_tokens: number;
    cost_usd: number | null;
    is_estimated: number;
    created_at: number;
  };
  turns: {
    run_id: string;
    session_id: string;
    message_id: string;
    channel: string;
    sender_kind: string;
    seq: number;
    queue_mode: string;
    thread: string | null;
    model: string | null;
    params_json: string | null;
    state: string;
    outcome: string | null;
    answer_id: string | null;
    absorbed_by: string | null;
    fault_json: string | null;
    /** What an API client brought along for the run. */
    client_json: string | null;
  };
  approvals: {
    id: string;
    tenant: string;
    owner: string;
    session_id: string;
    run_id: string;
    status: string;
    /** That of the first call. */
    tool: string;
    request_json: string;
    settled_json: string | null;
    settled_at: number | null;
    created_at: number;
  };
  inbox: {
    tenant: string;
    owner: string;
    key: string;
    session_id: string;
    message_id: string;
    run_id: string;
    seq: number;
    digest: string;
  };

  /** The outbox: what has not reached the user yet. The messages themselves lie in the journal. */
  deliveries: {
    session_id: string;
    seq: number;
    kind: string;
    message_id: string;
    created_at: number;
  };

  /** How far each person has read each session. */
  read_marks: { session_id: string; tenant: string; owner: string; seq: number };

  artifacts: { id: string; session_id: string; name: string; text: string };
  facts: {
    id: string;
    tenant: string;
    owner: string;
    text: string;
    session_id: string;
    remembered_at: number;
    key: string;
  };
  reminders: {
    id: string;
    tenant: string;
    owner: string;
    session_id: string;
    text: string;
    action: string;
    when_json: string;
    is_active: number;
    created_at: number;
  };
  tokens: { id: string; name: string; hash: string; created_at: number; last_used_at: number | null };
  web_sessions: { hash: string; created_at: number; expires_at: number };
  device_tokens: {
    id: string;
    tenant: string;
    owner: string;
    device_id: string;
    /** What the device was admitted with: its end is the end of the device's tokens. */
    credential: string;
    scopes_json: string;
    hash: string;
    created_at: number;
  };
  /** Names that clients of the wire protocol give to sessions. */
  session_keys: { tenant: string; owner: string; key: string; session_id: string };

  /** An empty tenant or owner stands for none; a null text for a removal. */
  policies: {
    tier: string;
    tenant: string;
    owner: string;
    name: string;
    version: number;
    text: string | null;
    author: string;
    note: string;
    created_at: number;
  };

  /** Append-only; `entry_json` holds what has no column. Empty texts stand for what is not there. */
  audit: {
    tenant: string;
    seq: number;
    at: number;
    type: string;
    outcome: string;
    actor: string | null;
    target: string;
    session_id: string;
    correlation_id: string;
    entry_json: string;
    hash: string;
  };
  audit_heads: { tenant: string; seq: number; hash: string; at: number; signature: string };
  audit_checkpoints: {
    tenant: string;
    seq: number;
    hash: string;
    at: number;
    is_anchor: number;
    signature: string;
  };

  budgets: {
    tenant: string;
    id: string;
    subject: string;
    subject_id: string;
    period: string;
    unit: string;
    amount: number;
  };

  engine_runs: {
    id: Generated<number>;
    run_id: string;
    lane: string;
    fn: string;
    input_json: string;
    state: string;
    result_json: string | null;
    error: string | null;
    due_at: number;
    attempt: number;
    is_cancelled: number;
    ended_at: number | null;
  };
  engine_steps: { run_id: string; name: string; result_json: string };
  engine_signals: { run_id: string; name: string; idem: string; payload_json: string };
  schedules: {
    id: string;
    cron: string;
    time_zone: string;
    lane: string;
    fn: string;
    input_json: string;
    next_at: number | null;
  };
}
