import type { Risk } from '@reeve/protocol';

/** What a call is judged to be, and which rules said so. */
export interface RiskJudgement {
  risk: Risk;
  rules: string[];
}

export const riskRanks: readonly Risk[] = ['low', 'medium', 'high', 'critical'];
export const riskRank = (risk: Risk): number => riskRanks.indexOf(risk);
export const higherRisk = (a: Risk, b: Risk): Risk => (riskRank(a) >= riskRank(b) ? a : b);
