const outcomes: Record<string, string> = {
  allow: 'made without asking',
  ask: 'asked about first',
  deny: 'refused',
};
const subjects: Record<string, string> = {
  tenant: 'everybody together',
  user: 'you',
  agent: 'the agent',
  session: 'this session',
  schedule: 'what runs by itself',
};
const statuses: Record<string, string> = {
  pending: 'waiting',
  approved: 'allowed',
  denied: 'refused',
  expired: 'expired without an answer',
  void: 'void, for what it asked about has changed or ended',
};

/** What the slash commands say about questions, policies and budgets. */
export const gateEn = {
  /** BCP 47, for dates. */
  locale: 'en-GB',
  risks: {} as Record<string, string>,
  notAllowed: (name: string) => `Your account may not use /${name}.`,
  notHere: (name: string) =>
    `/${name} is given on the page, in a terminal or in a chat, not through this interface.`,
  seeHelp: '/help shows the commands there are.',
  usageOf: (usage: string) => `Write ${usage}.`,
  nothingAsked: 'No question waits for an answer.',
  noQuestionHere: 'No question of this session waits for your answer.',
  seeApprovals: '/approvals shows those that wait.',
  severalWait: (ids: string) => `Several questions wait: ${ids}.`,
  nameOne: 'Name one of them.',
  question: (id: string, risk: string, who: string) => `${id}: risk ${risk}, asked for ${who}`,
  waits: (left: string) => `no answer is a no in ${left}`,
  settled: (status: string, who: string | null) =>
    `${statuses[status] ?? status}${who === null ? '' : ` by ${who}`}`,
  because: (rules: string) => `Why it is asked: ${rules}.`,
  wouldWrite: 'The answer “always” writes this policy:',
  wrotePolicy: 'It is allowed always, by this policy:',
  waysToAnswer: (id: string, scopes: string) => `Answer with /approve ${id} [${scopes}] or /deny ${id}.`,
  reasonNeeded: 'It is critical: say why when you allow it.',
  notYours: 'Somebody else has to answer it.',
  allowed: (calls: string) => `Allowed: ${calls}.`,
  allowedForSession: (calls: string) => `Allowed for this session: ${calls}.`,
  refused: (calls: string) => `Refused: ${calls}.`,
  outcome: (tool: string, outcome: string, risk: string) =>
    `${tool} would be ${outcomes[outcome] ?? outcome} (risk ${risk}).`,
  decidedBy: (policies: string) => `Decided by: ${policies}.`,
  wouldChange: (what: string, from: string, to: string, isAllowed: boolean) =>
    `With ${what} ${to} instead of ${from} it would be ${isAllowed ? 'allowed' : 'refused'}.`,
  noJson: (text: string) => `“${text}” is no JSON.`,
  shipped: (names: string) => `Comes with Reeve: ${names}.`,
  policyLine: (name: string, version: number, by: string) => `${name} (version ${version}, by ${by})`,
  ruleWritten: (name: string) => `Written as the policy ${name}.`,
  ruleTakenBack: 'The rule is taken back.',
  noBudgets: 'Nothing bounds what may be spent here.',
  budgetLine: (subject: string, period: string, spent: string, amount: string, percent: number) =>
    `${subjects[subject] ?? subject}, a ${period}: ${spent} of ${amount} (${percent} %)`,
  tokens: (count: number) => `${count} tokens`,
  anew: (at: string) => `anew ${at}`,
};

export type GateTexts = typeof gateEn;
