import type { ReeveClient } from './client.ts';

type Input = Omit<NonNullable<Parameters<ReeveClient['audit']['export']>[0]>, 'cursor'>;
type Part = Awaited<ReturnType<ReeveClient['audit']['export']>>;

/** The pieces of an export of the audit, in order. Nothing but the piece at hand is held. */
export async function* exportAudit(
  client: ReeveClient,
  input: Input,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Part> {
  let cursor: string | undefined;
  do {
    const part = await client.audit.export(
      { ...input, ...(cursor !== undefined && { cursor }) },
      signal ? { signal } : {},
    );
    yield part;
    cursor = part.next ?? undefined;
  } while (cursor !== undefined);
}
