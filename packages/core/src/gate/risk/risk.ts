import type { Json } from '@reeve/protocol';
import type { Tool } from '../../ports/tool.ts';
import { browserRisk } from './browser.ts';
import { codeRisk } from './code.ts';
import { commandRisk } from './command.ts';
import { higherRisk, type RiskJudgement } from './judgement.ts';
import type { OwnRiskRules } from './own-rules.ts';
import { toolRules } from './tools.ts';

/**
 * How dangerous a call is: by what its tool declares, what its arguments ask for and what the owner's rules say,
 * whichever is worse. A tool that nobody declared is of high risk.
 */
export const judgeRisk = (
  name: string,
  tool: Pick<Tool, 'risk' | 'kind'> | undefined,
  args: Json,
  ownRules: OwnRiskRules,
): RiskJudgement => {
  const found: RiskJudgement[] = [
    tool
      ? { risk: tool.risk, rules: [`${name} declares ${tool.risk}`] }
      : { risk: 'high', rules: ['unknown tool'] },
  ];
  for (const rule of toolRules)
    if (rule.tools.includes(name)) found.push({ risk: rule.risk, rules: [`tools: ${rule.name}`] });
  found.push(...ownRules(name, args));
  const values = fieldsOf(args);
  if (tool?.kind === 'command') found.push(commandRisk(commandOf(values)));
  if (tool?.kind === 'browser') found.push(browserRisk(values));
  if (tool?.kind === 'code') found.push(codeRisk(text(values.code)));
  const risk = found.map((judgement) => judgement.risk).reduce(higherRisk);
  return {
    risk,
    rules: found.filter((judgement) => judgement.risk === risk).flatMap((judgement) => judgement.rules),
  };
};

const fieldsOf = (args: Json): Record<string, Json> =>
  typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {};

const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

const commandOf = (values: Record<string, Json>): string | string[] => {
  const given = values.argv ?? values.command ?? values.cmd ?? '';
  return Array.isArray(given) ? given.map(text) : text(given);
};

/** What a call aims at, where its arguments say so: shown in questions, looked at by policies. */
export const targetOf = (args: Json): string => {
  const values = fieldsOf(args);
  for (const name of ['path', 'url', 'to', 'recipient', 'address', 'host', 'id', 'name'] as const) {
    const value = values[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 500);
  }
  return '';
};
