import type { PolicyException, PolicyRule } from '@reeve/protocol';

const quoted = (text: string) => JSON.stringify(text);

/** Whom a rule is about, as the head of a policy. */
const who = ({ user, role }: { user?: string | undefined; role?: string | undefined }): string =>
  user !== undefined
    ? `principal == User::${quoted(user)}`
    : role !== undefined
      ? `principal in Role::${quoted(role)}`
      : 'principal';

const whoText = ({ user, role }: { user?: string | undefined; role?: string | undefined }): string =>
  user !== undefined ? `for ${user}` : role !== undefined ? `for the role ${role}` : 'for everybody';

const slug = (text: string) => text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60);

const named = (...parts: (string | undefined)[]) =>
  parts
    .filter((part) => part !== undefined)
    .map(slug)
    .join('-');

const policy = (
  effect: 'permit' | 'forbid',
  description: string,
  head: { principal: string; action: string; resource: string },
  conditions: string[],
): string => `@description(${quoted(description)})
${effect} (
  ${head.principal},
  ${head.action},
  ${head.resource}
)${conditions.map((condition) => `\n${condition}`).join('')};
`;

/** Lists do not concern the roles that skip them. */
const unlessSkipped = 'unless { principal.skipsLists }';

const unlessIn = (type: 'Tool' | 'Model', names: readonly string[]): string =>
  `unless { resource in [${names.map((name) => `${type}::${quoted(name)}`).join(', ')}] || principal.skipsLists }`;

/** A few by name; a long list is read in the text of the policy. */
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;

const exceptions: Record<PolicyException, { action: string; text: (whom: string) => string }> = {
  lists: {
    action: 'skip lists',
    text: (whom) =>
      `Lists of tools and models do not hold ${whom}; critical calls are asked about all the same`,
  },
  budgets: {
    action: 'exceed budget',
    text: (whom) => `No budget stops an answer ${whom}; what it costs is counted`,
  },
  rates: { action: 'exceed rate', text: (whom) => `No limit of calls a minute holds ${whom}` },
};

/**
 * A rule that a person gave by name, as the policy that it means. The same rule always gives the same name and text,
 * so that giving it twice changes nothing.
 */
export const policyOfRule = (rule: PolicyRule): { name: string; text: string } => {
  switch (rule.kind) {
    case 'tool': {
      const effect = rule.allow ? 'permit' : 'forbid';
      const conditions = [
        ...(rule.channel !== undefined ? [`when { context.channel == ${quoted(rule.channel)} }`] : []),
        ...(rule.allow ? [] : [unlessSkipped]),
      ];
      const actions = rule.unattended ? '[Action::"call", Action::"call unattended"]' : '[Action::"call"]';
      return {
        name: named('tool', rule.tool, rule.user, rule.role, rule.channel),
        text: policy(
          effect,
          `The tool ${rule.tool} is ${rule.allow ? 'allowed' : 'forbidden'} ${whoText(rule)}`,
          {
            principal: who(rule),
            action: `action in ${actions}`,
            resource: `resource == Tool::${quoted(rule.tool)}`,
          },
          conditions,
        ),
      };
    }
    case 'model':
      return {
        name: named('model', rule.model, rule.user, rule.role),
        text: policy(
          rule.allow ? 'permit' : 'forbid',
          `The model ${rule.model} is ${rule.allow ? 'allowed' : 'forbidden'} ${whoText(rule)}`,
          {
            principal: who(rule),
            action: 'action == Action::"use"',
            resource: `resource == Model::${quoted(rule.model)}`,
          },
          rule.allow ? [] : [unlessSkipped],
        ),
      };
    case 'tool-list':
      return {
        name: named('only-tools', rule.user, rule.role, rule.channel),
        text: policy(
          'forbid',
          `Only ${listed(rule.tools)} may be called ${whoText(rule)}${rule.channel === undefined ? '' : ` on the channel ${rule.channel}`}`,
          { principal: who(rule), action: 'action == Action::"call"', resource: 'resource' },
          [
            ...(rule.channel === undefined ? [] : [`when { context.channel == ${quoted(rule.channel)} }`]),
            unlessIn('Tool', rule.tools),
          ],
        ),
      };
    case 'model-list':
      return {
        name: named('only-models', rule.user, rule.role),
        text: policy(
          'forbid',
          `Only ${listed(rule.models)} may be used ${whoText(rule)}`,
          { principal: who(rule), action: 'action == Action::"use"', resource: 'resource is Model' },
          [unlessIn('Model', rule.models)],
        ),
      };
    case 'quiet-hours': {
      const { from, to } = rule;
      const within =
        from <= to
          ? `context.hour >= ${from} && context.hour < ${to}`
          : `context.hour >= ${from} || context.hour < ${to}`;
      return {
        name: named('quiet-hours', rule.user, rule.role),
        text: policy(
          'forbid',
          `Nothing is done without asking from ${from} to ${to} o'clock ${whoText(rule)}`,
          { principal: who(rule), action: 'action == Action::"call unattended"', resource: 'resource' },
          [`when { ${within} }`],
        ),
      };
    }
    case 'exception': {
      const { action, text } = exceptions[rule.from];
      return {
        name: named('exception', rule.from, rule.user, rule.role),
        text: policy(
          'permit',
          text(whoText(rule)),
          { principal: who(rule), action: `action == Action::${quoted(action)}`, resource: 'resource' },
          [],
        ),
      };
    }
    case 'channel-tools':
      return {
        name: named('channel', rule.channel),
        text: policy(
          'forbid',
          `On the channel ${rule.channel} only tools of the set ${rule.level} are called`,
          { principal: 'principal', action: 'action == Action::"call"', resource: 'resource' },
          [
            `when { context.channel == ${quoted(rule.channel)} }`,
            `unless { resource in ToolSet::${quoted(rule.level)} || principal.skipsLists }`,
          ],
        ),
      };
  }
};
