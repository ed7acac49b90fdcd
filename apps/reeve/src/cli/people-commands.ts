import { builtInRoles } from '@reeve/protocol';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Lazy } from './program.ts';

/** Commands about who there is and what they sign in with. */
export const addPeople = (program: Command, lazy: Lazy): void => {
  addUsers(program, lazy);
  addInvites(program, lazy);
  addDevices(program, lazy);
  addTokens(program, lazy);
  addDirectories(program, lazy);
  addTenants(program, lazy);
};

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const addUsers = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/user.ts');
  const user = program.command('user').description('the people of this Reeve, their roles and what they may');
  const who = 'id, e-mail address or name';
  user
    .command('list')
    .description('everybody there is')
    .action(lazy(async () => (await load()).list));
  user
    .command('show')
    .description('one person')
    .argument('<who>', who)
    .action(lazy(async () => (await load()).show));
  user
    .command('set')
    .description('change role, name or flags; it counts from the next request on')
    .argument('<who>', who)
    .option('--role <role>', 'a role of `reeve user roles`')
    .option('--name <name>', 'another name')
    .option(
      '--flag <name=value>',
      'such as canUseBrowser=no or maxTokensPerDay=none; may be repeated',
      collect,
    )
    .action(lazy(async () => (await load()).set));
  user
    .command('disable')
    .description('let somebody in no more; everything that is open ends')
    .argument('<who>', who)
    .action(lazy(async () => (await load()).disable));
  user
    .command('enable')
    .description('let somebody in again')
    .argument('<who>', who)
    .action(lazy(async () => (await load()).enable));
  user
    .command('remove')
    .description('remove an account and its credentials')
    .argument('<who>', who)
    .option('-y, --yes', 'do not ask')
    .action(lazy(async () => (await load()).remove));
  user
    .command('reset-link')
    .description('a link by which somebody sets a new password, good once, for an hour')
    .argument('<who>', who)
    .action(lazy(async () => (await load()).resetLink));
  user
    .command('sign-out')
    .description('end every session of somebody')
    .argument('<who>', who)
    .action(lazy(async () => (await load()).signOut));
  user
    .command('link-code')
    .description('a code to send as LINK 482916 on a chat channel, so that you are known there')
    .action(lazy(async () => (await load()).linkCode));
  const loadChannels = () => import('./commands/user-channels.ts');
  user
    .command('channels')
    .description('chat channels on which somebody is known')
    .argument('<who>', who)
    .action(lazy(async () => (await loadChannels()).channels));
  user
    .command('link')
    .description('say who somebody on a chat channel is, without a code')
    .argument('<who>', who)
    .argument('<channel>', 'name of the channel, such as telegram')
    .argument('<identifier>', 'what the channel calls the person')
    .action(lazy(async () => (await loadChannels()).link));
  user
    .command('unlink')
    .description('somebody is known there no more')
    .argument('<who>', who)
    .argument('<link>', 'id of the link: see `reeve user channels`')
    .action(lazy(async () => (await loadChannels()).unlink));
  user
    .command('roles')
    .description('the roles there are')
    .action(lazy(async () => (await load()).roles));
  user
    .command('add-role')
    .description('make a role that narrows a built-in one')
    .argument('<name>', 'lower case letters, digits and dashes')
    .addOption(
      new Option('--base <role>', 'the role it narrows').choices([...builtInRoles]).makeOptionMandatory(),
    )
    .option('--description <text>', 'what it is for')
    .action(lazy(async () => (await load()).addRole));
  user
    .command('remove-role')
    .description('remove a role that nobody has')
    .argument('<name>', 'its name')
    .action(lazy(async () => (await load()).removeRole));
};

const addInvites = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/invite.ts');
  const invite = program.command('invite').description('links by which people make an account');
  invite
    .command('create')
    .description('print a link that is good once, for seven days')
    .option('--role <role>', 'what the person will be', 'user')
    .option('--email <address>', 'only for this address; mailed there when mail is set up')
    .option('--name <name>', 'how the person is called')
    .action(lazy(async () => (await load()).create));
  invite
    .command('list')
    .description('invitations that are open')
    .action(lazy(async () => (await load()).list));
  invite
    .command('revoke')
    .description('take an invitation back')
    .argument('<id>', 'id of the invitation')
    .action(lazy(async () => (await load()).revoke));
};

const addDevices = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/device.ts');
  const device = program.command('device').description('where you are signed in');
  device
    .command('list')
    .description('browsers, programs and paired devices')
    .action(lazy(async () => (await load()).list));
  device
    .command('revoke')
    .description('sign one of them out')
    .argument('<id>', 'id of the session or the device')
    .action(lazy(async () => (await load()).revoke));
};

const addTokens = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/token.ts');
  const token = program.command('token').description('API keys for programs, and login links for people');
  token
    .command('create')
    .description('create an API key and print it, this once')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scope <scope>', 'such as chat:read or chat:*; may be repeated (default: all you may)', collect)
    .option('--expires <days>', 'days until it ends (default: never)', days)
    .action(lazy(async () => (await load()).create));
  token
    .command('list')
    .description('your API keys')
    .action(lazy(async () => (await load()).list));
  token
    .command('revoke')
    .description('make an API key worthless')
    .argument('<id>', 'id of the key')
    .action(lazy(async () => (await load()).revoke));
  token
    .command('login-link')
    .description('a new one-time link to sign in with a browser')
    .action(lazy(async () => (await load()).loginLink));
  token
    .command('hash-password')
    .description('the hash of a shared password, for gateway.auth.password; works without a gateway')
    .option('--stdin', 'read the password from standard input')
    .action(lazy(async () => (await load()).hashShared));
};

const addDirectories = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/scim.ts');
  const scim = program.command('scim').description('tokens by which a directory keeps the people here');
  scim
    .command('create')
    .description('create a token for /scim/v2 and print it, this once')
    .argument('<name>', 'which directory it is for')
    .action(lazy(async () => (await load()).create));
  scim
    .command('list')
    .description('the tokens there are')
    .action(lazy(async () => (await load()).list));
  scim
    .command('revoke')
    .description('shut a directory out; people stay as they are')
    .argument('<id>', 'id of the token')
    .action(lazy(async () => (await load()).revoke));
};

const addTenants = (program: Command, lazy: Lazy): void => {
  const load = () => import('./commands/tenant.ts');
  const tenant = program
    .command('tenant')
    .description('households or companies that share this Reeve and see nothing of each other');
  tenant
    .command('create')
    .description('make one and print the link that invites its first admin')
    .argument('<name>', 'what it is called')
    .action(lazy(async () => (await load()).create));
  tenant
    .command('list')
    .description('the tenants of this Reeve')
    .action(lazy(async () => (await load()).list));
};

const days = (text: string): number => {
  if (!/^\d{1,4}d?$/.test(text)) throw new InvalidArgumentError('It must be a number of days.');
  return Number.parseInt(text, 10);
};
