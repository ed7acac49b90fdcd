import type { RiskJudgement } from './judgement.ts';

const critical: readonly { name: string; pattern: RegExp }[] = [
  {
    name: 'reaches the network',
    pattern: /\b(?:socket|urllib|requests|http\.client|fetch\s*\(|XMLHttpRequest|net\.connect|https?:\/\/)/,
  },
  {
    name: 'starts other programs',
    pattern: /\b(?:subprocess|os\.system|os\.exec\w*|child_process|popen|spawn\s*\(|execSync)\b/,
  },
  { name: 'makes code of text', pattern: /\b(?:eval|exec|compile|Function)\s*\(|__import__|importlib/ },
  {
    name: 'breaks out of its interpreter',
    pattern: /\b(?:ctypes|ffi|__subclasses__|process\.binding|dlopen)\b/,
  },
  { name: 'removes trees of files', pattern: /\b(?:rmtree|rmSync|unlinkSync|removedirs)\b/ },
];

/** Running code is of high risk at least; what reaches out of its place is critical (F210). */
export const codeRisk = (code: string): RiskJudgement => {
  const rules = critical.filter(({ pattern }) => pattern.test(code)).map(({ name }) => `code: ${name}`);
  return rules.length > 0 ? { risk: 'critical', rules } : { risk: 'high', rules: ['code: runs code'] };
};
