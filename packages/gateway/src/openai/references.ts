import { FaultError } from '@reeve/protocol';
import type { ApiContext } from './answer-source.ts';
import { toClientCallId } from './api-request.ts';
import type { ResponseItem } from './responses-wire.ts';

type Reference = Extract<ResponseItem, { type: 'item_reference' }>;

const isReference = (item: ResponseItem): item is Reference =>
  'type' in item && item.type === 'item_reference';

/** An item's id: what it is, whose answer it belongs to, its place there. */
const idForm = /^(msg|rs|fc)_([A-Za-z0-9_-]+?)(?:_(\d{1,4}))?$/;

/**
 * The items with what they refer to in the place of references. The text of an answer stands once, however many of
 * its items are named. Throws FaultError NOT_FOUND for an item that is not the caller's or not known.
 */
export const resolveReferences = async (
  context: Pick<ApiContext, 'services' | 'actor' | 'recentTexts'>,
  items: readonly ResponseItem[],
): Promise<ResponseItem[]> => {
  const named = new Set<string>();
  const resolved: ResponseItem[] = [];
  for (const item of items) {
    if (!isReference(item)) {
      resolved.push(item);
      continue;
    }
    const [, kind, answerId, index = '0'] = idForm.exec(item.id) ?? [];
    if (kind === undefined || answerId === undefined) throw unknownItem(item);
    const name = kind === 'fc' ? item.id : `${kind}_${answerId}`;
    if (named.has(name)) continue;
    named.add(name);
    // Thinking is ours to keep.
    if (kind === 'rs') continue;
    const found = await findItem(context, kind, answerId, Number(index));
    if (!found) throw unknownItem(item);
    resolved.push(found);
  }
  return resolved;
};

const findItem = async (
  { services: { store }, actor, recentTexts }: Pick<ApiContext, 'services' | 'actor' | 'recentTexts'>,
  kind: string,
  answerId: string,
  index: number,
): Promise<ResponseItem | null> => {
  const recent = recentTexts.find(actor, answerId);
  if (recent !== null) return kind === 'msg' ? { role: 'assistant', content: recent } : null;
  const known = await store.turnWithAnswer(actor, answerId);
  if (!known?.answer) return null;
  if (kind === 'msg') return { role: 'assistant', content: known.answer.text };
  const theirs = new Set(known.turn.client?.tools?.map((tool) => tool.name));
  const call = known.answer.toolCalls.filter(({ name }) => theirs.has(name))[index];
  return call
    ? {
        type: 'function_call',
        call_id: toClientCallId(answerId, call.id),
        name: call.name,
        arguments: JSON.stringify(call.args),
      }
    : null;
};

const unknownItem = ({ id }: Reference) =>
  new FaultError('NOT_FOUND', `Item with id '${id}' not found.`, {
    next: 'Send the item itself instead of a reference (in the AI SDK: store: false).',
  });
