import type { Budget } from '@reeve/protocol';

/** A sum of what models were paid and given. */
export interface Spent {
  usd: number;
  tokens: number;
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
  /** From the journal's views: answers, summaries and models asked directly. */
  spent(query: SpentQuery): Promise<Spent>;
}
