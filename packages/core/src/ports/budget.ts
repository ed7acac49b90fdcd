import type { Budget } from '@reeve/protocol';

/** A sum of what models were paid and given. */
export interface Spent {
  usd: number;
  tokens: number;
}

/** One call of a model, as it was written. */
export interface BookedCall extends Spent {
  sessionId: string;
  /** When it was written, Unix time, ms: after its end. */
  at: number;
}

export interface SpentQuery {
  tenantId: string;
  userId?: string | undefined;
  sessionId?: string | undefined;
  /** Only what ran by itself. */
  isSchedule?: boolean | undefined;
  /** Unix time, ms. */
  since: number;
}

/** Budgets that people set. */
export interface BudgetStore {
  budgets(tenantId: string): Promise<Budget[]>;
  save(tenantId: string, budget: Budget): Promise<void>;
  /** False when there was none. */
  remove(tenantId: string, id: string): Promise<boolean>;
  /** From the journal's views: answers, summaries and models asked directly, from `since` on and before `until`. */
  spent(query: SpentQuery & { until: number }): Promise<Spent>;
  /** The same, call by call, from `since` on. */
  calls(query: SpentQuery): Promise<BookedCall[]>;
}
