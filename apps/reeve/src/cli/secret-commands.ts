import { emergencyIndicators, FaultError, secretVerifyKinds } from '@reeve/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Lazy } from './program.ts';

/** The commands of `reeve secret`: values are asked for or read, never given as arguments. */
export const addSecrets = (program: Command, lazy: Lazy): void => {
  const secret = program.command('secret').description('keys and passwords: kept encrypted, never shown');
  const load = () => import('./commands/secret.ts');
  secret.hook('preAction', (_, command) => refuseValues(command));
  const mine = () => new Option('--mine', 'my own, not everybody’s');
  const stdin = () => new Option('--stdin', 'read it from standard input instead of asking');
  const named = (name: string, description: string) =>
    secret
      .command(name)
      .description(description)
      .argument('<name>', 'name of the secret')
      .allowExcessArguments()
      .addOption(mine());

  withPolicy(named('set', 'keep a secret, or replace its value at once').addOption(stdin())).action(
    lazy(async () => (await load()).set),
  );
  named('get', 'one secret, masked').action(lazy(async () => (await load()).get));
  secret
    .command('list')
    .description('the secrets there are, never their values')
    .action(lazy(async () => (await load()).list));
  named('rm', 'delete a secret').action(lazy(async () => (await load()).rm));
  named('rotate', 'give a secret a new value that is tried first; the one before stays valid for a while')
    .addOption(stdin())
    .option('--generate', 'Reeve makes the value, where the policy says so')
    .option('--rollback', 'back to the value before')
    .action(lazy(async () => (await load()).rotate));
  withPolicy(named('policy', 'how a secret is rotated'))
    .option('--none', 'by hand only')
    .action(lazy(async () => (await load()).policy));
  secret
    .command('adopt')
    .description(
      'move keys in that lie in plain text in reeve.toml or the environment; without FROM: show them',
    )
    .argument('[from]', 'the setting or variable')
    .option('--as <name>', 'name of the secret')
    .addOption(new Option('--all', 'all of them').conflicts('as'))
    .action(lazy(async () => (await load()).adopt));
  secret
    .command('status')
    .description('where secrets are kept, and whether that is open')
    .action(lazy(async () => (await load()).status));
  secret
    .command('lock')
    .description('refuse every use until unlocked')
    .action(lazy(async () => (await load()).lock));
  secret
    .command('unlock')
    .description('open the place of the secrets; asks for its passphrase where it has one')
    .addOption(stdin())
    .action(lazy(async () => (await load()).unlock));
  secret
    .command('emergency')
    .description('stop every use of secrets at once')
    .argument('[names...]', 'the secrets')
    .option('--all', 'all of them')
    .addOption(
      new Option('--indicator <sign>', 'what it is a sign of')
        .choices([...emergencyIndicators])
        .default('manual_trigger'),
    )
    .option('--note <text>', 'for the record')
    .action(lazy(async () => (await load()).emergency));
};

/** Shells remember what was typed, and everybody sees it in the list of processes. The message does not repeat it. */
const refuseValues = ({ args, registeredArguments }: Command): void => {
  if (args.length > registeredArguments.length && !registeredArguments.some(({ variadic }) => variadic))
    throw new FaultError('INVALID_PARAMS', 'A value is never taken from the command line.', {
      next: 'Leave it out to be asked for it, or give it on standard input with --stdin. Take it for known by others.',
    });
};

const withPolicy = (command: Command): Command =>
  command
    .option('--every <days>', 'a new value is due this often', amount)
    .option('--window <hours>', 'how long the value before stays valid (default: 24)', amount)
    .addOption(new Option('--verify <kind>', 'try new values with').choices([...secretVerifyKinds]))
    .option('--verify-url <url>', 'where to try them')
    .option('--generate', 'Reeve makes new values itself');

const amount = (text: string): number => {
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
};
