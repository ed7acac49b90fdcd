import { ORPCError } from '@orpc/client';
import { ErrorEvent } from '@orpc/standard-server';
import { type Fault, type FaultCode, FaultError, fault, faultCatalogue, isFaultError } from '@reeve/protocol';

/** What a body without a code of ours means, by its status: a proxy answered, or a program that is no Reeve. */
const codeOfStatus: Record<number, FaultCode> = {
  400: 'INVALID_PARAMS',
  401: 'AUTH_FAILED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'RATE_LIMIT',
  500: 'INTERNAL_ERROR',
  502: 'GATEWAY_UNREACHABLE',
  503: 'GATEWAY_UNREACHABLE',
  504: 'GATEWAY_UNREACHABLE',
};

/** A passing state: the same request may go through later. */
const transientCodes: readonly FaultCode[] = [
  'GATEWAY_UNREACHABLE',
  'SHUTTING_DOWN',
  'RATE_LIMIT',
  'TIMEOUT',
  'DATABASE_ERROR',
];

export const isTransient = ({ code }: Fault): boolean => transientCodes.includes(code);

/** Any failure of a call or a stream as a FaultError with code, message and next step. */
export const toFaultError = (error: unknown): FaultError => {
  if (isFaultError(error)) return error;
  if (error instanceof ORPCError) {
    return asError(
      readFault(error.data) ?? readFault(error) ?? fault(codeOfStatus[error.status] ?? 'INTERNAL_ERROR'),
      error,
    );
  }
  if (error instanceof ErrorEvent) return asError(readFault(error.data) ?? fault('INTERNAL_ERROR'), error);
  // fetch rejects with a TypeError when it cannot connect; a stream that breaks midway rejects with one too.
  const reason = (error as { cause?: { code?: string } } | undefined)?.cause?.code;
  return new FaultError('GATEWAY_UNREACHABLE', undefined, {
    cause: error,
    ...(reason && { details: { reason } }),
  });
};

/** The parts of an oRPC error from the body of an error answer, whatever its shape. */
export const bodyToError = (
  body: unknown,
  status: number,
): { code: FaultCode; status: number; message: string; data: Fault } => {
  const found =
    readFault(body) ?? fault(codeOfStatus[status] ?? (status >= 500 ? 'INTERNAL_ERROR' : 'INVALID_PARAMS'));
  return { code: found.code, status, message: found.message, data: found };
};

const readFault = (value: unknown): Fault | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message, next, details, retryAfterMs, data } = value as Record<string, unknown>;
  const inner = readFault(data);
  if (inner) return inner;
  if (typeof code !== 'string' || !Object.hasOwn(faultCatalogue, code)) return null;
  return fault(code as FaultCode, typeof message === 'string' ? message : undefined, {
    ...(typeof next === 'string' && { next }),
    ...(typeof details === 'object' && details !== null && { details: details as Record<string, unknown> }),
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  });
};

const asError = ({ code, message, ...more }: Fault, cause: unknown): FaultError =>
  new FaultError(code, message, { ...more, cause });
