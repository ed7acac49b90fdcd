import type { DurableEvent } from '@reeve/protocol';
import type { Db } from '../sqlite/handle.ts';

type Requested = Extract<DurableEvent, { type: 'approval.requested' }>;
type Settled = Extract<DurableEvent, { type: 'approval.settled' }>;

export const addApproval = async (db: Db, { sessionId, at, data }: Requested): Promise<void> => {
  const { tenant, owner } = await db
    .selectFrom('sessions')
    .select(['tenant', 'owner'])
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('approvals')
    .values({
      id: data.approvalId,
      tenant,
      owner,
      session_id: sessionId,
      run_id: data.runId,
      status: 'pending',
      tool: data.calls[0]!.tool,
      request_json: JSON.stringify(data),
      settled_json: null,
      settled_at: null,
      created_at: at,
    })
    .execute();
};

export const settleApproval = async (db: Db, { at, data }: Settled): Promise<void> => {
  await db
    .updateTable('approvals')
    .set({ status: data.status, settled_json: JSON.stringify(data), settled_at: at })
    .where('id', '=', data.approvalId)
    .execute();
};
