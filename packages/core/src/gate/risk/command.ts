import type { Risk } from '@reeve/protocol';
import { higherRisk, type RiskJudgement } from './judgement.ts';

interface Rule {
  name: string;
  risk: Risk;
  pattern: Pick<RegExp, 'test'>;
}

/** Wherever in a command the program stands; options may come apart, in quotes, and abbreviated as GNU lets them. */
const removesTrees = (command: string): boolean => {
  const words = command.replace(/['"]/g, '').trim().split(/\s+/);
  const isProgram = (name: string) => (word: string) => word === name || word.endsWith(`/${name}`);
  if (words.some(isProgram('find')) && words.includes('-delete')) return true;
  const at = words.findIndex(isProgram('rm'));
  if (at < 0) return false;
  const options = words.slice(at + 1).filter((word) => word.startsWith('-'));
  const short = options.filter((option) => !option.startsWith('--')).join('');
  const has = (letter: RegExp, long: string) =>
    letter.test(short) || options.some((option) => option.startsWith(long));
  if (options.some((option) => option.startsWith('--r') || option.startsWith('--n'))) return true;
  return has(/r/i, '--r') && has(/f/, '--f');
};

/** Looked for anywhere in the line, since a shell runs what stands behind any separator. */
const lineRules: readonly Rule[] = [
  {
    name: 'removes trees of files',
    risk: 'critical',
    pattern: { test: (line) => line.split(/[|;&\n]/).some(removesTrees) },
  },
  {
    name: 'writes to a disk itself',
    risk: 'critical',
    pattern:
      /\bmkfs|\bdd\b[^|;]*\bof=|\bfdisk\b|\bparted\b|\bwipefs\b|>\s*\/dev\/(?!null\b|stdout\b|stderr\b)/i,
  },
  {
    name: 'runs what it downloads',
    risk: 'critical',
    pattern:
      /\b(?:curl|wget|fetch)\b[^;]*\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|z|k|da)?sh\b|\b(?:ba|z)?sh\s+<\(\s*(?:curl|wget)/i,
  },
  {
    name: 'runs what is encoded',
    risk: 'critical',
    pattern: /base64\s+(?:-d|--decode|-D)[^;]*\|\s*\S*sh\b|-e(?:nc(?:odedcommand)?)?\s+[A-Za-z0-9+/=]{16,}/i,
  },
  {
    name: 'stops the machine',
    risk: 'critical',
    pattern: /\b(?:shutdown|reboot|halt|poweroff|init\s+[06])\b/i,
  },
  { name: 'multiplies itself', risk: 'critical', pattern: /:\(\)\s*\{/ },
  {
    name: 'opens everything to everybody',
    risk: 'critical',
    pattern: /\bchmod\s+(?:-\S+\s+)*(?:0?777|a\+rwx)\s+\/(?:\s|$)|\bchown\s+-R\b[^;]*\s\/(?:\s|$)/i,
  },
  {
    name: 'reads keys and passwords',
    risk: 'critical',
    pattern: /\/etc\/shadow|\.ssh\/id_|\.aws\/credentials|\.gnupg|vault\.key/i,
  },
  { name: 'becomes somebody else', risk: 'high', pattern: /\b(?:sudo|doas|su|pkexec|runuser)\b/i },
  {
    name: 'rewrites history for others',
    risk: 'high',
    pattern: /\bgit\b.*\bpush\b.*(?:--force|-f\b|--delete)|\bgit\b.*\breset\b.*--hard/i,
  },
  {
    name: 'installs software',
    risk: 'high',
    pattern:
      /\b(?:apt|apt-get|dnf|yum|apk|brew|pip3?|npm|pnpm|yarn|cargo|gem|go)\s+(?:-\S+\s+)*(?:install|add|get|i)\b/i,
  },
  {
    name: 'reaches other machines',
    risk: 'high',
    pattern: /\b(?:ssh|scp|sftp|rsync|nc|ncat|netcat|telnet|ftp|curl|wget)\b/i,
  },
  {
    name: 'changes services and schedules',
    risk: 'high',
    pattern: /\b(?:systemctl|service|crontab|launchctl|iptables|nft|mount|umount|kill|killall|pkill)\b/i,
  },
  { name: 'runs containers', risk: 'high', pattern: /\b(?:docker|podman|kubectl|nerdctl)\b/i },
];

/** Programs that only look. Anything else is unknown and therefore of high risk. */
const readers = new Set(
  'ls cat head tail wc grep rg find stat file du df pwd echo printf date whoami id uname env true false which sort uniq cut tr diff cmp basename dirname realpath seq tree'.split(
    ' ',
  ),
);
const writers = new Set('mkdir touch cp mv ln tee sed awk tar zip unzip gzip gunzip patch make'.split(' '));
const gitReaders = /^(?:status|log|diff|show|branch|blame|rev-parse|ls-files)$/;

/** What makes a word more than a word: expansion, substitution, heredoc, redirection of output, escapes. */
const shellSyntax = /[`$\\]|<<|<\(|>\(|\beval\b|\bexec\b|\bsource\b|(?:^|\s)\.\s/;

/** What is longer is read through by nobody, and some of the rules above take time by the cube of it. */
const longestJudged = 2_000;

/**
 * The risk of one command line, or of one vector of arguments. A line is split at what separates commands, and the
 * worst of its parts counts; whatever cannot be read with certainty is of high risk, wrappers (`env`, `time`,
 * `busybox sh -c` …) included.
 */
export const commandRisk = (command: string | string[]): RiskJudgement => {
  const line = Array.isArray(command) ? command.join(' ') : command;
  if (line.length > longestJudged) return { risk: 'critical', rules: ['command: too long to be judged'] };
  const found: RiskJudgement[] = lineRules
    .filter(({ pattern }) => pattern.test(line))
    .map(({ risk, name }) => ({ risk, rules: [`command: ${name}`] }));
  if (line.trim() === '') found.push({ risk: 'high', rules: ['command: nothing to judge'] });
  if (!Array.isArray(command) && shellSyntax.test(line))
    found.push({ risk: 'high', rules: ['command: the shell makes something else of it'] });
  const parts = Array.isArray(command)
    ? [command]
    : line.split(/\|\|?|&&?|;|\n/).map((part) => part.trim().split(/\s+/));
  for (const words of parts) if (words.some((word) => word !== '')) found.push(programRisk(words));
  const risk = found.map((judgement) => judgement.risk).reduce(higherRisk);
  return {
    risk,
    rules: [
      ...new Set(
        found.filter((judgement) => judgement.risk === risk).flatMap((judgement) => judgement.rules),
      ),
    ],
  };
};

const programRisk = (words: string[]): RiskJudgement => {
  const [program = '', first = ''] = words;
  // A path may lead anywhere; only a bare name is the program that it seems to be.
  const writesOut = words.some((word) => /^\d?>{1,2}/.test(word) || (/>/.test(word) && !/^['"]/.test(word)));
  const acts =
    words.some((word) => /^-(?:exec|execdir|ok|delete|fprint|i|-in-place)/.test(word)) &&
    /^(?:find|sed)$/.test(program);
  if (program === 'git' && gitReaders.test(first)) return { risk: 'low', rules: ['command: only looks'] };
  if (readers.has(program) && !acts)
    return program === 'env' && words.length > 1
      ? { risk: 'high', rules: ['command: runs another program'] }
      : {
          risk: writesOut ? 'medium' : 'low',
          rules: [writesOut ? 'command: writes a file' : 'command: only looks'],
        };
  if (writers.has(program) && !acts) return { risk: 'medium', rules: ['command: changes files'] };
  return { risk: 'high', rules: ['command: unknown program'] };
};
