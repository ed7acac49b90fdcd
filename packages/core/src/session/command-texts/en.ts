import { slashCommands } from '@reeve/protocol';
import { gateEn } from './gate-en.ts';

/** What the slash commands say. */
export const en = {
  help: 'Just say what you want. Some examples: “remember that the boiler code is 4711”, “what is 17 % of 2340?”, “remind me tomorrow at 9 to call Ann”.',
  commands: Object.fromEntries(slashCommands.map(({ name, description }) => [name, description])) as Record<
    (typeof slashCommands)[number]['name'],
    string
  >,
  tool: (name: string, risk: string, description: string) => `${name} (risk ${risk}): ${description}`,
  newSession: (id: string) => `A new session is open: ${id}`,
  reloaded: 'Configuration and workspace files are read again.',
  afterRestart: (key: string) => `${key} takes effect after a restart`,
  noSetting: (key: string) => `There is no setting ${key}.`,
  seeConfig: 'See /config for all of them.',
  linkCode: (code: string) =>
    `Send LINK ${code} on the other channel within five minutes; then I know you there too.`,
  nothingRan: 'Nothing was running.',
  stopped: (count: number) => (count === 1 ? 'Stopped.' : `Stopped ${count} answers.`),
  answering: (version: string, model: string, reason: string) =>
    `Reeve ${version}, answering with ${model} (${reason}).`,
  runs: (running: number, queued: number, waiting: number, schedules: number) =>
    `${running} running, ${queued} queued, ${waiting} waiting, ${schedules} schedules.`,
  counts: (sessions: number, events: number, isStorageOk: boolean) =>
    `${sessions} sessions, ${events} events. Storage: ${isStorageOk ? 'ok' : 'failing'}.`,
  nothingToPin: 'There is nothing to pin yet.',
  pinned: (text: string) => `Pinned: “${text}”`,
  compacted: 'The older part is summarised for the model; you still see all of it.',
  nothingToCompact: 'There is nothing old enough to summarise.',
  modelIsDefault: (id: string, reason: string) => `This session uses the default model, ${id} (${reason}).`,
  modelIs: (id: string, standard: string) => `This session uses ${id}; the default is ${standard}.`,
  onOffer: 'On offer:',
  modelNow: (id: string) => `This session now uses ${id}.`,
  modelDefaultAgain: 'This session uses the default model again.',
  noModel: (ref: string) => `There is no model ${ref}.`,
  seeModels: 'See /model for what is on offer.',
  asConfigured: 'as the configuration says',
  paramsAre: (params: string) => `Models write in this session: ${params}.`,
  paramsNow: (params: string) => `Models now write in this session: ${params}.`,
  paramsDefault: 'Models write in this session as the configuration says.',
  unreadable: (part: string) => `I cannot read “${part}”.`,
  writeParams: (names: string) => `Write name=value, with one of ${names}.`,
  thinkingIs: (level: string) => `Thinking in this session: ${level}.`,
  thinkingDefault: 'Models think in this session as the configuration says.',
  noLevel: (level: string) => `There is no level “${level}”.`,
  chooseLevel: (levels: string) => `Choose one of ${levels}, default.`,
  noUsage: 'No tokens used yet.',
  sessionUsage: (input: number, output: number, cost: string) =>
    `This session: ${input} in, ${output} out${cost}.`,
  modelUsage: (model: string, calls: number, input: number, output: number, isEstimated: boolean) =>
    `${model}: ${calls} calls, ${input} in, ${output} out${isEstimated ? ' (estimated)' : ''}`,
  gate: gateEn,
};

export type CommandTexts = typeof en;
