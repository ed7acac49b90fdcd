import type { Json, Risk } from '@reeve/protocol';
import type { RiskJudgement } from './judgement.ts';

type Values = Record<string, Json>;
interface Rule {
  name: string;
  risk: Risk;
  actions: readonly string[];
  /** All of these values must fit. */
  matches?: (values: Values) => boolean;
}

const said = (values: Values, ...names: string[]): string =>
  names
    .map((name) => values[name])
    .filter((value) => typeof value === 'string')
    .join(' ')
    .toLowerCase();

const where = (values: Values) => said(values, 'url');
const what = (values: Values) => said(values, 'text', 'label', 'name', 'selector', 'element');
const field = (values: Values) =>
  said(values, 'fieldType', 'type', 'field', 'label', 'name', 'selector', 'element');
/** The host of an address of the web; null for everything else (WHATWG URL, as browsers read it). */
const hostOf = (url: string): string | null => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  return parsed && /^https?:$/.test(parsed.protocol) && parsed.host !== '' ? parsed.host : null;
};
/** Read from where the page is, as a browser does with `/there` and `//elsewhere`. */
const target = (values: Values): string | null => {
  const from = said(values, 'currentUrl');
  const to = where(values);
  return hostOf(URL.canParse(to, from) ? new URL(to, from).href : to);
};

/** The sixteen rules of F209, the worst first within each action. */
export const browserRules: readonly Rule[] = [
  {
    name: 'opens a place where money is',
    risk: 'critical',
    actions: ['navigate'],
    matches: (v) => /bank|paypal|stripe|wallet|checkout|payment|broker|crypto|coinbase/.test(where(v)),
  },
  {
    name: 'opens what is no address of the web',
    risk: 'high',
    actions: ['navigate'],
    matches: (v) => target(v) === null,
  },
  {
    name: 'opens mail, administration or settings',
    risk: 'high',
    actions: ['navigate'],
    matches: (v) => /mail|inbox|\badmin|settings|account|console|dashboard/.test(where(v)),
  },
  {
    name: 'opens another site',
    risk: 'medium',
    actions: ['navigate'],
    matches: (v) => target(v) !== hostOf(said(v, 'currentUrl')),
  },
  { name: 'stays on the site', risk: 'low', actions: ['navigate'] },
  {
    name: 'closes an account',
    risk: 'critical',
    actions: ['click'],
    matches: (v) => /(?:delete|close|deactivate)\W+(?:my\W+)?(?:account|profile|workspace)/.test(what(v)),
  },
  {
    name: 'destroys something',
    risk: 'high',
    actions: ['click'],
    matches: (v) => /delete|remove|destroy|erase|drop|revoke|reset/.test(what(v)),
  },
  {
    name: 'sends or pays',
    risk: 'high',
    actions: ['click'],
    matches: (v) => /send|pay|buy|order|transfer|publish|post|submit|confirm|book/.test(what(v)),
  },
  {
    name: 'saves',
    risk: 'medium',
    actions: ['click'],
    matches: (v) => /save|update|apply|add|create|accept|agree|allow/.test(what(v)),
  },
  { name: 'moves about', risk: 'low', actions: ['click'] },
  {
    name: 'types into a password field',
    risk: 'critical',
    actions: ['type', 'fill'],
    matches: (v) => /passw|passcode|secret|token|api.?key|\bpin\b|otp/.test(field(v)),
  },
  {
    name: 'types a card or an identity number',
    risk: 'high',
    actions: ['type', 'fill'],
    matches: (v) => /card|cvv|cvc|iban|ssn|social.?security|passport/.test(field(v)),
  },
  {
    name: 'types personal data',
    risk: 'medium',
    actions: ['type', 'fill'],
    matches: (v) => /e-?mail|phone|address|birth|name/.test(field(v)),
  },
  { name: 'types a search', risk: 'low', actions: ['type', 'fill'] },
  { name: 'reads the page', risk: 'low', actions: ['read', 'snapshot', 'extract'] },
  { name: 'takes a picture', risk: 'low', actions: ['screenshot'] },
  { name: 'closes the page', risk: 'low', actions: ['close'] },
];

/** The first rule that fits decides; an action that nobody knows is of high risk. */
export const browserRisk = (values: Values): RiskJudgement => {
  const action = said(values, 'action');
  const rule = browserRules.find((one) => one.actions.includes(action) && (one.matches?.(values) ?? true));
  return rule
    ? { risk: rule.risk, rules: [`browser: ${rule.name}`] }
    : { risk: 'high', rules: ['browser: unknown action'] };
};
