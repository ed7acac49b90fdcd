import { ORPCError, ValidationError } from '@orpc/server';
import {
  type Fault,
  type FaultBody,
  type FaultCode,
  FaultError,
  fault,
  faultCatalogue,
  isFaultError,
} from '@reeve/protocol';
import type { FastifyError } from 'fastify';

export const statusOf = (value: Fault): number => faultCatalogue[value.code].status;

/** Fastify's own refusals, by its codes. */
const fastifyCodes: Record<string, FaultCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'SERIALIZATION_ERROR',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'SERIALIZATION_ERROR',
  FST_ERR_CTP_INVALID_JSON_BODY: 'SERIALIZATION_ERROR',
  FST_ERR_BAD_URL: 'INVALID_PARAMS',
};

const issuesOf = (error: unknown): string => {
  if (!(error instanceof ValidationError)) return '';
  return error.issues
    .slice(0, 5)
    .map(
      (issue) =>
        `${(issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part)).join('.') || 'body'}: ${issue.message}`,
    )
    .join('; ');
};

/** Any error as a fault, or null when it is a bug of ours. */
export const faultOf = (error: unknown): Fault | null => {
  if (isFaultError(error)) return error.fault;
  if (error instanceof ORPCError) {
    if (isFaultError(error.cause)) return error.cause.fault;
    if (error.code === 'BAD_REQUEST') {
      const issues = issuesOf(error.cause);
      return fault(
        'INVALID_PARAMS',
        issues === '' ? undefined : `The request has a wrong or missing value: ${issues}.`,
      );
    }
    if (error.code === 'NOT_FOUND') return fault('METHOD_NOT_FOUND');
    return null;
  }
  const { code, statusCode } = error as FastifyError;
  const known = typeof code === 'string' ? fastifyCodes[code] : undefined;
  if (known) return fault(known);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return fault('INVALID_PARAMS');
  return null;
};

/** The body of an error answer. */
export const faultBody = (value: Fault, now: number, requestId?: string): FaultBody => ({
  ...value,
  error: value.code,
  ...(requestId !== undefined && { requestId }),
  timestamp: new Date(now).toISOString(),
});

/** A fault as the error that oRPC understands. An error event of a stream carries what `toJSON` gives. */
export const toRpcError = (value: Fault, now: number): ORPCError<FaultCode, Fault> =>
  Object.assign(
    new ORPCError(value.code, {
      status: statusOf(value),
      message: value.message,
      data: value,
      cause: new FaultError(value.code, value.message, value),
    }),
    { toJSON: () => faultBody(value, now) as never },
  );
