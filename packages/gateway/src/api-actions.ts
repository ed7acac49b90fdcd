import { methodPermissions, type Permission } from '@reeve/protocol';

/** Ways into the OpenAI surface. */
export const openAiPermissions = {
  'openai.models': 'model:read',
  'openai.completions': 'chat:write',
  'openai.responses': 'chat:write',
  'openai.embeddings': 'chat:write',
} as const satisfies Record<string, Permission>;
export type OpenAiAction = keyof typeof openAiPermissions;

/** What a path below /v1 asks for. */
export const openAiActionOf = (path: string): OpenAiAction =>
  path.startsWith('/v1/models')
    ? 'openai.models'
    : path.startsWith('/v1/embeddings')
      ? 'openai.embeddings'
      : path.startsWith('/v1/responses')
        ? 'openai.responses'
        : 'openai.completions';

/**
 * Everything that can be asked of this gateway, by the name that policies know it by, and the permission that it
 * belongs to. An entry that is not here is not allowed to anybody: whoever adds a way in joins this list. The wire is
 * loaded for it, so this is asked for when the first decision is near.
 */
export const apiActions = async (): Promise<readonly { name: string; permission: Permission }[]> => {
  const [{ methods }, { wirePermission }] = await Promise.all([
    import('./wire/methods/index.ts'),
    import('./wire/authority.ts'),
  ]);
  return [
    ...Object.entries(methodPermissions).flatMap(([name, permission]) =>
      permission ? [{ name, permission }] : [],
    ),
    ...methods.map((method) => ({ name: `ws.${method.name}`, permission: wirePermission(method) })),
    ...Object.entries(openAiPermissions).map(([name, permission]) => ({ name, permission })),
  ];
};
