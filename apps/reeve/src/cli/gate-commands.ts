import { policyExceptions, toolLevels } from '@reeve/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Lazy } from './program.ts';

/** Commands about what is asked, what may be done, what may be spent and what was done. */
export const addGate = (program: Command, lazy: Lazy): void => {
  addApprovals(program, lazy);
  addPolicies(program, lazy);
  addRules(program.commands.find((command) => command.name() === 'policy')!, lazy);
  addBudgets(program, lazy);
  addAudit(program, lazy);
};

const addApprovals = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/approvals.ts');
  const filtered = (command: Command): Command =>
    command
      .addOption(
        new Option('--status <status>', 'those that became of it')
          .choices(['pending', 'approved', 'denied', 'expired', 'void', 'all'])
          .default('pending'),
      )
      .option('--session <id>', 'of one session')
      .option('-n, --limit <n>', 'how many', wholeNumber, 50);
  const approvals = program
    .command('approvals')
    .description('questions that wait: asks you one after the other at a terminal')
    .action(lazy(async () => (await load()).run));
  filtered(
    approvals.command('list').description('questions you asked or may answer, the newest first'),
  ).action(lazy(async () => (await load()).list));
  approvals
    .command('show')
    .description('one question with all its arguments')
    .argument('<id>', 'the question')
    .action(lazy(async () => (await load()).show));
  approvals
    .command('answer')
    .description('answer a question; asks at the terminal when no answer is given')
    .argument('<id>', 'the question')
    .addOption(new Option('--approve', 'allow it').conflicts('deny'))
    .option('--deny', 'refuse it')
    .addOption(
      new Option('--scope <scope>', 'for how long it is allowed')
        .choices(['once', 'session', 'always'])
        .default('once'),
    )
    .option('--note <text>', 'a reason, or what to do instead')
    .action(lazy(async () => (await load()).answer));
  filtered(approvals.command('watch').description('ask as questions come, until it is stopped')).action(
    lazy(async () => (await load()).watch),
  );
};

const tiers = () =>
  new Option('--tier <tier>', 'whose word it is').choices(['admin', 'tenant', 'user']).default('admin');

const addPolicies = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/policy.ts');
  const policy = program.command('policy').description('who may do what: policies in Cedar');
  const ref = 'tier/name, or a name that only one has';
  policy
    .command('list')
    .description('the policies that hold')
    .action(lazy(async () => (await load()).list));
  policy
    .command('show')
    .description('the text of a policy')
    .argument('<policy>', ref)
    .action(lazy(async () => (await load()).show));
  policy
    .command('history')
    .description('every version of a policy, the newest first')
    .argument('<policy>', ref)
    .action(lazy(async () => (await load()).history));
  policy
    .command('diff')
    .description('what differs between two policies or versions; exit code 1 when something does')
    .argument('<a>', 'tier/name, tier/name@VERSION or file:PATH')
    .argument('<b>', 'the same')
    .action(lazy(async () => (await load()).diff));
  const written = (command: Command): Command =>
    command
      .argument('<file>', 'a text in Cedar')
      .addOption(tiers())
      .option('--name <name>', 'name of the policy (default: that of the file)')
      .option('--user <who>', 'with the tier user: whose');
  written(policy.command('save').description('write a policy'))
    .option('--note <text>', 'for the record')
    .action(lazy(async () => (await load()).save));
  written(policy.command('check').description('whether a policy could be saved')).action(
    lazy(async () => (await load()).check),
  );
  policy
    .command('rm')
    .description('remove a policy; its versions stay')
    .argument('<policy>', ref)
    .action(lazy(async () => (await load()).rm));
  policy
    .command('export')
    .description('all policies that people wrote, as JSON')
    .option('-o, --output <file>', 'write to a file')
    .action(lazy(async () => (await load()).exportAll));
  policy
    .command('import')
    .description('save the policies of an export: all, or none when one has a mistake')
    .argument('<file>', 'what `reeve policy export` wrote')
    .action(lazy(async () => (await load()).importAll));
  policy
    .command('explain')
    .description('what would become of a call, who decides it, and what would change that')
    .argument('<tool>', 'name of the tool')
    .option('--args <json>', 'its arguments')
    .option('--user <who>', 'who would call it (default: you)')
    .option('--channel <channel>', 'where, such as web or openai')
    .option('--unattended', 'while nobody is there')
    .action(lazy(async () => (await load()).explain));
  policy
    .command('test')
    .description(
      'judge every call of a file and compare with what is expected there; exit code 1 on a difference',
    )
    .argument('<file>', 'JSON or TOML')
    .action(lazy(async () => (await import('./commands/policy-test.ts')).run));
};

const addRules = (policy: Command, lazy: Lazy): void => {
  const load = () => import('./commands/policy-rules.ts');
  const whom = (command: Command): Command =>
    command
      .addOption(new Option('--user <who>', 'for one person').conflicts('role'))
      .option('--role <role>', 'for a role');
  const verb = () =>
    policy
      .createArgument(
        '<verb>',
        'reset takes allow and deny back; only forbids all others, any takes that back',
      )
      .choices(['allow', 'deny', 'reset', 'only', 'any']);
  whom(policy.command('tool').description('which tools may be called'))
    .addArgument(verb())
    .argument('[tools...]', 'name of the tool; several with only')
    .option('--channel <channel>', 'on one channel')
    .option('--unattended', 'with allow: also without asking, unless it is critical')
    .action(lazy(async () => (await load()).tool));
  whom(policy.command('model').description('which models may be used'))
    .addArgument(verb())
    .argument('[models...]', 'as provider/model; several with only')
    .action(lazy(async () => (await load()).model));
  whom(policy.command('quiet').description('hours in which nothing is done without asking'))
    .option('--from <hour>', 'first hour, 0 to 23', wholeNumber)
    .option('--to <hour>', 'hour in which they end, 0 to 23', wholeNumber)
    .option('--off', 'take it back; needs no hours')
    .action(lazy(async () => (await load()).quiet));
  whom(
    policy
      .command('exception')
      .description('whom lists, budgets or rates do not hold; all is recorded and counted nonetheless'),
  )
    .addArgument(policy.createArgument('<from>', 'what does not hold them').choices([...policyExceptions]))
    .option('--off', 'take it back')
    .action(lazy(async () => (await load()).exception));
  policy
    .command('channel')
    .description('which tools a channel may call')
    .argument('<channel>', 'such as openai')
    .addArgument(policy.createArgument('[level]', 'set of tools').choices([...toolLevels]))
    .option('--off', 'take it back; needs no level')
    .action(lazy(async () => (await load()).channel));
};

const addBudgets = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/budget.ts');
  const budget = program.command('budget').description('what may be spent on models, and what was');
  budget
    .command('list')
    .description('all budgets, and how they stand')
    .action(lazy(async () => (await load()).list));
  budget
    .command('mine')
    .description('the budgets that bound you')
    .option('--session <id>', 'in this session')
    .action(lazy(async () => (await load()).mine));
  budget
    .command('set')
    .description('set a budget: SUBJECT [ID] AMOUNT; without ID for each of them on its own')
    .addArgument(
      program
        .createArgument('<subject>', 'whose spending')
        .choices(['tenant', 'user', 'agent', 'session', 'schedule']),
    )
    .argument('<amount...>', 'an id (or the name of a person), where it is about one, and the amount')
    .addOption(
      new Option('--period <period>', 'for how long').choices(['day', 'week', 'month']).default('day'),
    )
    .addOption(new Option('--unit <unit>', 'what is counted').choices(['usd', 'tokens']).default('usd'))
    .action(lazy(async () => (await load()).set));
  budget
    .command('rm')
    .description('remove a budget')
    .argument('<id>', 'the budget')
    .action(lazy(async () => (await load()).rm));
};

const addAudit = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/audit.ts');
  const audit = program.command('audit').description('what was done, by whom, on whose word');
  const filtered = (name: string, description: string): Command =>
    audit
      .command(name)
      .description(description)
      .option('--session <id>', 'in one session')
      .option('--correlation <id>', 'of one run or request')
      .option('--tool <name>', 'about this tool, person, secret or policy')
      .option('--actor <who>', 'by one person: name, e-mail address or id')
      .option('--hours <n>', 'only the last hours', amount)
      .option('--type <type>', 'such as approval.settled, or the part before the dot')
      .option('--decision <word>', 'allow, ask, deny; ok, failed, approved, denied …');
  const shown = (name: string, description: string): Command =>
    filtered(name, description)
      .option('-n, --limit <n>', 'how many', wholeNumber, 100)
      .addOption(new Option('--format <format>', 'form').choices(['table', 'json', 'csv']).default('table'));
  shown('events', 'everything, the newest first').action(lazy(async () => (await load()).events));
  shown('tools', 'calls of tools, with their decisions').action(lazy(async () => (await load()).tools));
  shown('security', 'who was let do what: refusals, answers, sign-ins, changes of policies').action(
    lazy(async () => (await load()).security),
  );
  audit
    .command('stats')
    .description('how much of what')
    .option('--hours <n>', 'only the last hours', amount)
    .action(lazy(async () => (await load()).stats));
  audit
    .command('verify')
    .description('whether anything was changed; exit code 1 when it was')
    .argument('[bundle]', 'a file of `reeve audit export --format bundle`; works without a gateway')
    .option('--key <fingerprint>', 'the key that it must be signed with')
    .action(lazy(async () => (await load()).verify));
  filtered('export', 'entries as a file; a bundle can be verified by others')
    .addOption(new Option('--format <format>', 'form').choices(['json', 'csv', 'bundle']).default('json'))
    .option('-o, --output <file>', 'write to a file')
    .action(lazy(async () => (await load()).exportAll));
  audit
    .command('hold')
    .description('keep everything, whatever the retention says, until it is lifted')
    .addArgument(program.createArgument('<state>', 'on or off').choices(['on', 'off']))
    .option('--reason <text>', 'for the record')
    .action(lazy(async () => (await load()).hold));
};

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

const amount = (text: string): number => {
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('It must be a number above zero.');
  return Number(text);
};
