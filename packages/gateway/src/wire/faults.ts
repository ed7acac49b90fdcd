import { type Fault, type FaultCode, faultCatalogue } from '@reeve/protocol';
import type { OperatorScope, WireError } from '@reeve/protocol/wire';

/** Faults that pass by themselves: the same request may succeed later. */
const passing: ReadonlySet<FaultCode> = new Set([
  'BUSY',
  'RATE_LIMIT',
  'DATABASE_ERROR',
  'SHUTTING_DOWN',
  'TIMEOUT',
]);
const unserved: ReadonlySet<FaultCode> = new Set([
  'UNSUPPORTED',
  'LLM_ERROR',
  'PROVIDER_FAIL',
  'CHANNEL_ERROR',
]);

/**
 * A fault as the wire says it: OpenClaw's few codes in `code`, because its clients branch on them, and ours (F009) in
 * `details.fault`. `details.code` is OpenClaw's where it has one for the case, and ours again where it has none.
 */
export const toWireError = (value: Fault, detailCode: string = value.code): WireError => {
  const { status } = faultCatalogue[value.code];
  const isPassing = passing.has(value.code);
  const code =
    isPassing || status >= 500 || unserved.has(value.code)
      ? 'UNAVAILABLE'
      : status === 401 || status === 403
        ? 'FORBIDDEN'
        : 'INVALID_REQUEST';
  return {
    code,
    message: value.message,
    details: {
      ...value.details,
      code: detailCode,
      fault: value.code,
      ...(value.next !== undefined && { next: value.next }),
    },
    ...(isPassing && { retryable: true }),
    ...(value.retryAfterMs !== undefined && { retryAfterMs: value.retryAfterMs }),
  };
};

/** Refusals in OpenClaw's own words: its clients know them by code, details or text. */
export const invalidRequest = (
  message: string,
  fault: FaultCode,
  details: Record<string, unknown> = {},
): WireError => ({ code: 'INVALID_REQUEST', message, details: { code: fault, fault, ...details } });

export const unknownMethod = (method: string): WireError =>
  invalidRequest(`unknown method: ${method.slice(0, 100)}`, 'METHOD_NOT_FOUND');

export const missingScope = (scope: OperatorScope): WireError => ({
  code: 'FORBIDDEN',
  message: `missing scope: ${scope}`,
  details: {
    code: 'MISSING_SCOPE',
    missingScope: scope,
    requiredScopes: [scope],
    fault: 'PERMISSION_DENIED',
  },
});
