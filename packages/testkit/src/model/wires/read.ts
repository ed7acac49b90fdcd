import type { GenerationParams } from '@reeve/protocol';

/** Reading of request bodies that may be anything: what is not of the wanted kind reads as empty. */
export type JsonRecord = Record<string, unknown>;

export const asRecord = (value: unknown): JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};

export const asRecords = (value: unknown): JsonRecord[] => (Array.isArray(value) ? value.map(asRecord) : []);

export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The texts of a list of content parts, or the string itself where a vendor takes one in its place. */
export const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : asRecords(content)
        .map((part) => asText(part['text']))
        .join('');

/** Parameters by the names that a vendor has for them, as the client sent them: tests compare the values. */
export function readParams(
  record: JsonRecord,
  names: Partial<Record<keyof GenerationParams, string>>,
): GenerationParams {
  const found: JsonRecord = {};
  for (const [ours, theirs] of Object.entries(names)) {
    const value = record[theirs];
    if (value !== undefined && value !== null)
      found[ours] = ours === 'stop' && !Array.isArray(value) ? [value] : value;
  }
  return found;
}

/** An image part's data: base64 out of a data URL, or the URL of an image that lies elsewhere. */
export function imageFromUrl(url: string): { mediaType: string; data: string } {
  const found = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return found === null ? { mediaType: 'image/*', data: url } : { mediaType: found[1]!, data: found[2]! };
}

/** Faults of the list of tools that only its raw form shows. */
export const emptyTools = (tools: unknown): string[] =>
  Array.isArray(tools) && tools.length === 0 ? ['tools is an empty list'] : [];

/** One server-sent event; `event` names it where the vendor does. */
export const sse = (data: unknown, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

/** The time that answers carry, Unix seconds: a constant, so that bytes are the same in every run. */
export const createdAt = 1_700_000_000;
