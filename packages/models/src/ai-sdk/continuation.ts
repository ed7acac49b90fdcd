import type {
  LanguageModelV4ReasoningPart,
  LanguageModelV4StreamPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { Json } from '@reeve/protocol';
import { z } from 'zod';

/** What a protocol wants back of an answer when the results of its tool calls are sent (see `Continuation` of core). */
export interface ContinuationRule {
  /** Key of the SDK's provider metadata. */
  namespace: string;
  /** Fields of it that must come back as they were. */
  fields: readonly string[];
  /** Text and calls carry the fields too, and not thinking alone. */
  isOnAllParts?: boolean;
  /** Thinking goes back although it carries none of the fields. */
  keepsPlainThinking?: boolean;
}

const fieldsSchema = z.record(z.string(), z.json()).optional();
const pieceSchema = z.union([
  z.strictObject({ thinking: z.string(), fields: fieldsSchema }),
  /** The text itself is the message's; here is only how much of it stands in this place. */
  z.strictObject({ textLength: z.int().nonnegative(), fields: fieldsSchema }),
  z.strictObject({ callId: z.string(), fields: fieldsSchema }),
]);
type Piece = z.infer<typeof pieceSchema>;

const dataSchema = z.strictObject({ signer: z.string(), pieces: z.array(pieceSchema) });

/** Listens to the parts of one answer, in order. */
export interface ContinuationRecorder {
  record(part: LanguageModelV4StreamPart): void;
  /** Undefined when the protocol wants nothing back. */
  result(signer: string): Json | undefined;
}

export function createRecorder(rule: ContinuationRule): ContinuationRecorder {
  const pieces: Piece[] = [];
  const open = new Map<string, Piece>();
  const keep = (piece: Piece, metadata: SharedV4ProviderMetadata | undefined): void => {
    if (!('thinking' in piece) && rule.isOnAllParts !== true) return;
    for (const field of rule.fields) {
      const value = metadata?.[rule.namespace]?.[field];
      if (value !== undefined && value !== null) piece.fields = { ...piece.fields, [field]: value as Json };
    }
  };
  const pieceOf = (id: string, fresh: Piece): Piece => {
    const known = open.get(id);
    if (known !== undefined) return known;
    open.set(id, fresh);
    pieces.push(fresh);
    return fresh;
  };
  return {
    record(part) {
      switch (part.type) {
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end': {
          const piece = pieceOf(`thinking ${part.id}`, { thinking: '' });
          if ('thinking' in piece && part.type === 'reasoning-delta') piece.thinking += part.delta;
          return keep(piece, part.providerMetadata);
        }
        case 'text-start':
        case 'text-delta':
        case 'text-end': {
          const piece = pieceOf(`text ${part.id}`, { textLength: 0 });
          if ('textLength' in piece && part.type === 'text-delta') piece.textLength += part.delta.length;
          return keep(piece, part.providerMetadata);
        }
        case 'tool-call': {
          const piece: Piece = { callId: part.toolCallId };
          pieces.push(piece);
          return keep(piece, part.providerMetadata);
        }
      }
    },
    result(signer) {
      const kept = pieces.filter(
        (piece) =>
          piece.fields !== undefined || !('thinking' in piece) || (rule.keepsPlainThinking && piece.thinking),
      );
      const isWanted = kept.some((piece) => piece.fields !== undefined || 'thinking' in piece);
      return isWanted ? ({ signer, pieces: kept } as Json) : undefined;
    },
  };
}

type Content = LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart;

/**
 * An answer as the vendor gave it: thinking, text and calls in their old order with their signatures. Null when the
 * data is not of this form or somebody else's, whose signatures would be refused.
 */
export function restoreContent(
  data: Json,
  rule: ContinuationRule,
  signer: string,
  text: string,
  calls: readonly LanguageModelV4ToolCallPart[],
): Content[] | null {
  const parsed = dataSchema.safeParse(data);
  if (!parsed.success || parsed.data.signer !== signer) return null;
  const { pieces } = parsed.data;
  const optionsOf = ({ fields }: Piece) =>
    fields === undefined ? {} : { providerOptions: { [rule.namespace]: fields } };
  const isWhole =
    pieces.reduce((sum, piece) => sum + ('textLength' in piece ? piece.textLength : 0), 0) === text.length;
  const rest = new Map(calls.map((call) => [call.toolCallId, call]));
  const content: Content[] = [];
  let at = 0;
  for (const piece of pieces) {
    if ('thinking' in piece) {
      content.push({ type: 'reasoning', text: piece.thinking, ...optionsOf(piece) });
    } else if ('callId' in piece) {
      const call = rest.get(piece.callId);
      if (call !== undefined) content.push({ ...call, ...optionsOf(piece) });
      rest.delete(piece.callId);
    } else if (isWhole) {
      const end = at + piece.textLength;
      if (end > at || piece.fields !== undefined)
        content.push({ type: 'text', text: text.slice(at, end), ...optionsOf(piece) });
      at = end;
    }
  }
  if (!isWhole && text !== '') {
    const firstCall = content.findIndex((part) => part.type === 'tool-call');
    content.splice(firstCall < 0 ? content.length : firstCall, 0, { type: 'text', text });
  }
  return [...content, ...rest.values()];
}
