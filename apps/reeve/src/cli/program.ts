import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandRun } from './context.ts';
import { addGate } from './gate-commands.ts';
import { addPeople } from './people-commands.ts';
import { addSecrets } from './secret-commands.ts';

/** Makes an action of a command whose module is loaded only when it runs. */
export type Lazy = (load: () => Promise<CommandRun>) => (...args: unknown[]) => Promise<void>;

/** The tree of commands: names, options and help. What they do is in `commands/`, a file each. */
export const createProgram = (lazy: Lazy, prepare: (program: Command) => void): Command => {
  const program = new Command('reeve').description(
    'Reeve, the self-hosted AI steward. Commands speak to a running gateway.',
  );
  // Settings such as exitOverride are inherited by commands that are added later.
  prepare(program);
  program
    .option('--home <dir>', 'data folder (default: REEVE_HOME or ~/.reeve)')
    .option('--url <url>', 'address of the gateway (default: the one running on the data folder)')
    .option('--token <token>', 'token for it (default: REEVE_TOKEN, or that of the data folder)')
    .option('--json', 'machine-readable output')
    .showSuggestionAfterError()
    .helpCommand(false);

  program
    .command('up')
    .description('run the gateway in the foreground')
    .option('--port <n>', 'TCP port (setting gateway.port)')
    .option('--host <host>', 'address to listen on (setting gateway.host)')
    .option('--no-open', 'do not open the browser')
    .action(lazy(async () => (await import('./commands/up.ts')).run));
  program
    .command('chat')
    .description('talk to Reeve')
    .option('--session <id>', 'continue this session (default: the last active one)')
    .option('--new', 'start a new session')
    .option('--model <model>', 'model for this chat, as provider/model')
    .action(lazy(async () => (await import('./commands/chat.ts')).run));
  program
    .command('send')
    .description('send one message and print the answer')
    .argument('<text...>', 'the message; - reads it from standard input')
    .option('--session <id>', 'session to speak in (default: a new one)')
    .option('--model <model>', 'model for this message, as provider/model')
    .option('--no-wait', 'return as soon as the message is stored')
    .action(lazy(async () => (await import('./commands/send.ts')).run));
  addSessions(program, lazy);
  addModels(program, lazy);
  program
    .command('status')
    .description('what Reeve is doing')
    .action(lazy(async () => (await import('./commands/status.ts')).run));
  program
    .command('usage')
    .description('tokens used and what they cost')
    .option('--since <time>', 'a date, or a number of days such as 7d')
    .option('--session <id>', 'of one session')
    .option('--by <group>', 'model, channel or day', 'model')
    .action(lazy(async () => (await import('./commands/usage.ts')).run));
  program
    .command('doctor')
    .description('check everything Reeve needs and say how to mend it')
    .action(lazy(async () => (await import('./commands/doctor.ts')).run));
  program
    .command('logs')
    .description('the log of the gateway')
    .option('-f, --follow', 'keep printing new lines')
    .option('-n, --lines <n>', 'how many lines from the end', wholeNumber, 100)
    .action(lazy(async () => (await import('./commands/logs.ts')).run));
  addConfig(program, lazy);
  addPeople(program, lazy);
  addSecrets(program, lazy);
  addGate(program, lazy);
  program
    .command('journal')
    .description('the journal of all that happened')
    .command('rebuild')
    .description('build every view anew from the journal and compare')
    .action(lazy(async () => (await import('./commands/journal.ts')).rebuild));
  program
    .command('version')
    .description('the version of this program')
    .action(lazy(async () => (await import('./commands/version.ts')).run));
  program
    .command('completion')
    .description('a completion script for your shell')
    .addArgument(program.createArgument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .action(
      lazy(async () => {
        const { run } = await import('./commands/completion.ts');
        return (context, ...[shell]: string[]) => run(context, shell!, program);
      }),
    );
  return program;
};

const addSessions = (program: Command, lazy: Lazy): void => {
  const sessions = program.command('sessions').description('list, show, rename, delete and export sessions');
  const load = () => import('./commands/sessions.ts');
  sessions
    .command('list')
    .description('sessions, the last active first')
    .option('-n, --limit <n>', 'how many', wholeNumber, 50)
    .option('--search <words>', 'words in the title')
    .action(lazy(async () => (await load()).list));
  sessions
    .command('show')
    .description('the last messages of a session')
    .argument('<id>', 'the session')
    .option('-n, --limit <n>', 'how many messages', wholeNumber, 50)
    .action(lazy(async () => (await load()).show));
  sessions
    .command('rename')
    .description('give a session another title')
    .argument('<id>', 'the session')
    .argument('<title...>', 'the title')
    .action(lazy(async () => (await load()).rename));
  sessions
    .command('delete')
    .description('delete a session and its messages')
    .argument('<id>', 'the session')
    .option('-y, --yes', 'do not ask')
    .action(lazy(async () => (await load()).remove));
  sessions
    .command('export')
    .description('a session as JSON, Markdown or its journal')
    .argument('<id>', 'the session')
    .addOption(
      new Option('--format <format>', 'form').choices(['json', 'markdown', 'jsonl']).default('markdown'),
    )
    .option('-o, --output <file>', 'write to a file')
    .action(lazy(async () => (await load()).exportSession));
};

const addModels = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/models.ts');
  const models = program
    .command('models')
    .description('models on offer and the state of their providers')
    .option('--refresh', 'ask the providers anew')
    .action(lazy(async () => (await load()).run));
  models
    .command('refresh')
    .description('ask every provider for its list of models')
    .action(lazy(async () => (await load()).refresh));
  models
    .command('info')
    .description('what is known about a model: window, abilities, price')
    .argument('<model>', 'as provider/model, or the model alone')
    .action(lazy(async () => (await load()).info));
  models
    .command('update-prices')
    .description('replace the table of windows and prices in the data folder')
    .option(
      '--from <source>',
      'file or URL of a table, in the form of Reeve or of LiteLLM (default: that of LiteLLM)',
    )
    .action(lazy(async () => (await import('./commands/model-prices.ts')).update));
};

const addConfig = (program: Command, lazy: Lazy): void => {
  const config = program.command('config').description('see and change settings');
  const load = () => import('./commands/config.ts');
  config
    .command('list')
    .description('every setting, its value and where that comes from')
    .action(lazy(async () => (await load()).list));
  config
    .command('get')
    .description('the value of a setting')
    .argument('<key>', 'such as gateway.port')
    .action(lazy(async () => (await load()).get));
  config
    .command('set')
    .description('change a setting in reeve.toml')
    .argument('<key>', 'such as gateway.port')
    .argument('[value]', 'lists are comma separated')
    .option('--unset', 'take it out, so that the default counts')
    .action(lazy(async () => (await load()).set));
  config
    .command('check')
    .description('find mistakes; works without a gateway')
    .action(lazy(async () => (await load()).check));
  config
    .command('explain')
    .description('what a setting does and what is allowed; works without a gateway')
    .argument('[key]', 'such as gateway.port')
    .action(lazy(async () => (await load()).explain));
};

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};
