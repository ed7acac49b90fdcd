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

/** Programs that only look, with the letters of the options by which they do more. Anything else is of high risk. */
const readers: Readonly<Record<string, RegExp | null>> = {
  ...Object.fromEntries(
    'ls cat head tail wc grep rg find stat du df pwd echo printf whoami id uname true false which uniq cut tr diff cmp basename dirname realpath seq'
      .split(' ')
      .map((name) => [name, null] as const),
  ),
  // Writes its result, or takes another folder for what it sets aside.
  sort: /[oT]/,
  tree: /o/,
  // Compiles its table; sets the clock.
  file: /C/,
  date: /s/,
};
const writers = new Set('mkdir touch cp mv ln tee zip unzip gzip gunzip patch'.split(' '));
const gitReaders = /^(?:status|log|diff|show|blame|rev-parse|ls-files)$/;
const gitBranchReads = /^(?:-a|-r|-v|-vv|-l|--all|--remotes|--list|--show-current|--sort=\S+)$/;

/** Long options that only say what is shown. One that is not here may run a program (`rg --pre`) or write a file. */
const showingOptions = new Set(
  'all almost-all human-readable color colour lines bytes chars words count ignore-case invert-match line-number files-with-matches files-without-match recursive include exclude exclude-dir glob iglob type max-count context after-context before-context only-matching word-regexp line-regexp fixed-strings extended-regexp perl-regexp regexp reverse numeric-sort human-numeric-sort version-sort unique key field-separator fields delimiter characters complement summarize max-depth total format brief mime mime-type stat numstat shortstat name-only name-status oneline graph cached staged short porcelain branch verbose quiet silent help version unified decorate since until after before author grep patch follow show-toplevel abbrev-ref show-current list hidden no-ignore sort time width no-color directory dereference iso-8601 utc rfc-3339 rfc-email suffix multiple zero null text level dirsfirst pretty no-merges merges first-parent diff-filter word-diff others modified deleted untracked-files no-pager show-all number squeeze-blank no-filename with-filename smart-case multiline files stats heading no-heading column ignore-space-change ignore-all-space ignore-blank-lines side-by-side follow-symlinks'.split(
    ' ',
  ),
);

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
  for (const words of parts)
    if (words.some((word) => word !== '')) found.push(programRisk(words, !Array.isArray(command)));
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

const onlyLooks: RiskJudgement = { risk: 'low', rules: ['command: only looks'] };
const changesFiles: RiskJudgement = { risk: 'medium', rules: ['command: changes files'] };
const doesMore: RiskJudgement = { risk: 'high', rules: ['command: an option may do more than look'] };

/** Quotes are taken off: a shell does that, too. */
const bare = (word: string) => word.replace(/['"]/g, '');

const programRisk = (words: string[], isLine: boolean): RiskJudgement => {
  // A path may lead anywhere; only a bare name is the program that it seems to be.
  const [program = '', ...given] = words.map(bare);
  const options = given.filter((word) => word.startsWith('-') && word !== '-' && word !== '--');
  const places = given.filter((word) => !word.startsWith('-'));
  // Within quotes it is a character like any other; right behind them it is not.
  const writesOut =
    isLine &&
    words
      .join(' ')
      .replace(/"[^"]*"|'[^']*'/g, '')
      .includes('>');
  const hasUnknownLong = options.some(
    (option) => option.startsWith('--') && !showingOptions.has(option.slice(2).split('=', 1)[0]!),
  );
  if (program === 'git') {
    const [verb = '', ...more] = given;
    if (verb === 'branch' && more.every((word) => gitBranchReads.test(word))) return onlyLooks;
    if (!gitReaders.test(verb) || hasUnknownLong) return doesMore;
    return writesOut ? changesFiles : onlyLooks;
  }
  // Object.hasOwn: `constructor` is no program.
  if (Object.hasOwn(readers, program)) {
    const letters = readers[program];
    const acts =
      program === 'find'
        ? options.some((option) => /^-(?:exec|execdir|ok|okdir|delete|fprint|fls)/.test(option))
        : hasUnknownLong ||
          options.some((option) => !option.startsWith('--') && (letters?.test(option) ?? false));
    if (acts) return doesMore;
    // The second of its files is written.
    const writesSecond = program === 'uniq' && places.filter((word) => !/^\d+$/.test(word)).length > 1;
    return writesOut || writesSecond ? { risk: 'medium', rules: ['command: writes a file'] } : onlyLooks;
  }
  const isSubstitution =
    program === 'sed' && /^s(.)(?:(?!\1)[^\\])*\1(?:(?!\1)[^\\])*\1[gipI\d]*$/.test(places[0] ?? '');
  const runsForArchive = options.some((option) =>
    /^--(?:to-command|checkpoint|use-compress|rsh|rmt|info)/.test(option),
  );
  if (
    isSubstitution ||
    (program === 'tar' && !runsForArchive && !options.some((option) => /^-\w*[IF]/.test(option)))
  )
    return changesFiles;
  if (writers.has(program) && !(program === 'zip' && options.some((option) => /^-\w*T/.test(option))))
    return changesFiles;
  return { risk: 'high', rules: ['command: unknown program'] };
};
