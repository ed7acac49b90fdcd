/** Slash commands: answered by the gateway on every surface, never sent to a model (F015). */
export interface SlashCommand {
  name: string;
  usage: string;
  description: string;
}

export const slashCommands = [
  { name: 'help', usage: '/help', description: 'What you can say and which commands exist' },
  { name: 'version', usage: '/version', description: 'The version of Reeve' },
  {
    name: 'model',
    usage: '/model [provider/model | default]',
    description: 'Show or choose the model of this session',
  },
  {
    name: 'params',
    usage: '/params [temperature=0.7 max_tokens=512 top_p=1 | default]',
    description: 'Show or set how models write in this session',
  },
  {
    name: 'think',
    usage: '/think [off | minimal | low | medium | high | xhigh | default]',
    description: 'Show or set how much models think in this session',
  },
  { name: 'tools', usage: '/tools', description: 'The tools on offer' },
  { name: 'new', usage: '/new [title]', description: 'Start a new session' },
  { name: 'reload', usage: '/reload', description: 'Read the configuration and the workspace files again' },
  { name: 'config', usage: '/config [key]', description: 'Show the settings, or one of them' },
  { name: 'stop', usage: '/stop', description: 'Stop the running answer and what waits' },
  { name: 'status', usage: '/status', description: 'What Reeve is doing' },
  { name: 'usage', usage: '/usage', description: 'Tokens and cost of this session and in all' },
  {
    name: 'pin',
    usage: '/pin',
    description: 'Pin your last message, so that it always stays in the context',
  },
  {
    name: 'compact',
    usage: '/compact',
    description: 'Summarise the older part of this session for the model now',
  },
  {
    name: 'approvals',
    usage: '/approvals [id]',
    description: 'Questions that wait for an answer, or one of them in full',
  },
  {
    name: 'approve',
    usage: '/approve [id] [once | session | always] [reason]',
    description: 'Allow what was asked about',
  },
  { name: 'deny', usage: '/deny [id] [what to do instead]', description: 'Refuse what was asked about' },
  {
    name: 'policy',
    usage:
      '/policy [list | explain TOOL {args} | tool|model allow|deny|reset NAME | tool|model only|any NAMES | quiet FROM-TO | channel CHANNEL SET | exception lists|budgets|rates] [user=… role=… channel=… unattended off]',
    description: 'Show the policies, why a call is allowed or not, or write a rule',
  },
  {
    name: 'link',
    usage: '/link',
    description: 'A code that makes you known on another chat channel',
  },
  { name: 'budget', usage: '/budget', description: 'What may be spent here, and what was' },
] as const satisfies readonly SlashCommand[];

export type SlashCommandName = (typeof slashCommands)[number]['name'];

/** `/name rest` with a known name; anything else is ordinary text. */
export const parseSlashCommand = (text: string): { name: SlashCommandName; rest: string } | null => {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/i.exec(text.trim());
  const found = match && slashCommands.find((command) => command.name === match[1]!.toLowerCase());
  return found ? { name: found.name, rest: match[2]?.trim() ?? '' } : null;
};
