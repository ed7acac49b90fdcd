import type { ApprovalReads, StoredApproval } from '@reeve/core';
import type { ApprovalRequest, ApprovalSettlement, ApprovalStatus } from '@reeve/protocol';
import { type Selectable, sql } from 'kysely';
import type { Db } from './sqlite/handle.ts';
import type { Schema } from './sqlite/schema.ts';

const toApproval = (row: Selectable<Schema['approvals']>): StoredApproval => {
  const { approvalId: id, ...request } = JSON.parse(row.request_json) as ApprovalRequest;
  const settled = row.settled_json === null ? null : (JSON.parse(row.settled_json) as ApprovalSettlement);
  return {
    ...request,
    id,
    owner: { tenantId: row.tenant, userId: row.owner },
    sessionId: row.session_id,
    status: row.status as ApprovalStatus,
    createdAt: row.created_at,
    settled: settled && {
      scope: settled.scope,
      by: settled.by,
      channel: settled.channel,
      note: settled.note,
      at: row.settled_at!,
    },
  };
};

export const createApprovalReads = (db: Db): ApprovalReads => {
  const ofSession = (sessionId: string) =>
    db.selectFrom('approvals').selectAll().where('session_id', '=', sessionId).orderBy('created_at', 'desc');
  return {
    async approval(tenantId, id) {
      const row = await db
        .selectFrom('approvals')
        .selectAll()
        .where('id', '=', id)
        .where('tenant', '=', tenantId)
        .executeTakeFirst();
      return row ? toApproval(row) : null;
    },

    async approvals({ tenantId, userId, status, sessionId, limit }) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('tenant', '=', tenantId)
        .$if(userId !== undefined, (query) => query.where('owner', '=', userId!))
        .$if(status !== undefined, (query) => query.where('status', '=', status!))
        .$if(sessionId !== undefined, (query) => query.where('session_id', '=', sessionId!))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(toApproval);
    },

    async approvalOfCall(tenantId, runId, callKey) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('run_id', '=', runId)
        // A run has few questions, a tenant has all there ever were: without the sign SQLite takes the index of those.
        .where(sql<string>`+tenant`, '=', tenantId)
        .execute();
      return rows.map(toApproval).find(({ calls }) => calls.some((call) => call.callKey === callKey)) ?? null;
    },

    async approvalFor(sessionId, runId, digest) {
      const rows = await ofSession(sessionId)
        .where('run_id', '=', runId)
        .where('status', '=', 'approved')
        .execute();
      return (
        rows
          .map(toApproval)
          .find(({ calls }) => calls.some((call) => call.callKey === null && call.digest === digest)) ?? null
      );
    },

    async sessionGrant(sessionId, tool, since) {
      const rows = await ofSession(sessionId)
        .where('status', '=', 'approved')
        .where('tool', '=', tool)
        .where('settled_at', '>=', since)
        .execute();
      return rows.map(toApproval).find(({ settled }) => settled?.scope === 'session') ?? null;
    },
  };
};
