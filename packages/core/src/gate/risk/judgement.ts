import { type Risk, riskSchema } from '@reeve/protocol';

/** What a call is judged to be, and which rules said so. */
export interface RiskJudgement {
  risk: Risk;
  rules: string[];
}

export const riskRank = (risk: Risk): number => riskSchema.options.indexOf(risk);
export const higherRisk = (a: Risk, b: Risk): Risk => (riskRank(a) >= riskRank(b) ? a : b);
