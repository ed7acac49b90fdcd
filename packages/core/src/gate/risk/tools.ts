import type { Risk } from '@reeve/protocol';

/** Tools by name, whatever they declare (F198). A rule can raise a risk and never lower it. */
export const toolRules: readonly { name: string; risk: Risk; tools: readonly string[] }[] = [
  {
    name: 'destroys data for good',
    risk: 'critical',
    tools: ['delete_database', 'drop_table', 'format_disk'],
  },
  {
    name: 'speaks in your name or removes things',
    risk: 'high',
    tools: ['send_email', 'post_message', 'delete_file', 'execute_sql'],
  },
  {
    name: 'changes things',
    risk: 'medium',
    tools: ['write_file', 'modify_file', 'patch_file', 'create_resource'],
  },
];
