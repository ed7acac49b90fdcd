import type { GateTexts } from './gate-en.ts';

const outcomes: Record<string, string> = {
  allow: 'ohne Nachfrage ausgeführt',
  ask: 'erst nach einer Frage ausgeführt',
  deny: 'abgelehnt',
};
const subjects: Record<string, string> = {
  tenant: 'alle zusammen',
  user: 'du',
  agent: 'der Agent',
  session: 'dieses Gespräch',
  schedule: 'was von selbst läuft',
};
const periods: Record<string, string> = { day: 'am Tag', week: 'in der Woche', month: 'im Monat' };
const statuses: Record<string, string> = {
  pending: 'wartet',
  approved: 'erlaubt',
  denied: 'abgelehnt',
  expired: 'ohne Antwort abgelaufen',
  void: 'hinfällig, denn wonach gefragt wurde, hat sich geändert oder ist zu Ende',
};

export const gateDe: GateTexts = {
  locale: 'de-DE',
  risks: { low: 'gering', medium: 'mittel', high: 'hoch', critical: 'kritisch' },
  notAllowed: (name) => `Dein Konto darf /${name} nicht benutzen.`,
  notHere: (name) =>
    `/${name} gibst du auf der Seite, im Terminal oder in einem Chat ein, nicht über diese Schnittstelle.`,
  seeHelp: '/help zeigt die Befehle, die es gibt.',
  usageOf: (usage) => `Schreib ${usage}.`,
  nothingAsked: 'Keine Frage wartet auf eine Antwort.',
  noQuestionHere: 'In diesem Gespräch wartet keine Frage auf deine Antwort.',
  seeApprovals: '/approvals zeigt die, die warten.',
  severalWait: (ids) => `Mehrere Fragen warten: ${ids}.`,
  nameOne: 'Nenne eine davon.',
  question: (id, risk, who) => `${id}: Risiko ${risk}, gefragt für ${who}`,
  waits: (left) => `ohne Antwort ein Nein in ${left}`,
  settled: (status, who) => `${statuses[status] ?? status}${who === null ? '' : ` von ${who}`}`,
  because: (rules) => `Warum gefragt wird: ${rules}.`,
  wouldWrite: 'Die Antwort „always“ schreibt diese Regel:',
  wrotePolicy: 'Es ist immer erlaubt, durch diese Regel:',
  waysToAnswer: (id, scopes) => `Antworte mit /approve ${id} [${scopes}] oder /deny ${id}.`,
  reasonNeeded: 'Es ist kritisch: Sag warum, wenn du es erlaubst.',
  notYours: 'Jemand anderes muss sie beantworten.',
  allowed: (calls) => `Erlaubt: ${calls}.`,
  allowedForSession: (calls) => `Für dieses Gespräch erlaubt: ${calls}.`,
  refused: (calls) => `Abgelehnt: ${calls}.`,
  outcome: (tool, outcome, risk) => `${tool} würde ${outcomes[outcome] ?? outcome} (Risiko ${risk}).`,
  decidedBy: (policies) => `Entschieden von: ${policies}.`,
  wouldChange: (what, from, to, isAllowed) =>
    `Mit ${what} ${to} statt ${from} wäre es ${isAllowed ? 'erlaubt' : 'abgelehnt'}.`,
  noJson: (text) => `„${text}“ ist kein JSON.`,
  shipped: (names) => `Kommt mit Reeve: ${names}.`,
  policyLine: (name, version, by) => `${name} (Fassung ${version}, von ${by})`,
  ruleWritten: (name) => `Als Regel ${name} geschrieben.`,
  ruleTakenBack: 'Die Regel ist zurückgenommen.',
  noBudgets: 'Nichts begrenzt, was hier ausgegeben werden darf.',
  budgetLine: (subject, period, spent, amount, percent) =>
    `${subjects[subject] ?? subject} ${periods[period] ?? period}: ${spent} von ${amount} (${percent} %)`,
  tokens: (count) => `${count} Tokens`,
  anew: (at) => `neu ab ${at}`,
};
