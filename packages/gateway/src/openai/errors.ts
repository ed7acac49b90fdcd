import type { Fault } from '@reeve/protocol';
import type { FastifyReply } from 'fastify';
import { statusOf } from '../http/faults.ts';

const types: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

/** OpenAI's error shape. */
export const errorBody = (fault: Fault) => {
  const status = statusOf(fault);
  return {
    error: {
      message: fault.next === undefined ? fault.message : `${fault.message} ${fault.next}`,
      type: types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
      param: null,
      code: fault.code.toLowerCase(),
    },
  };
};

export const sendOpenAiError = (reply: FastifyReply, value: Fault): void => {
  void reply.status(statusOf(value)).send(errorBody(value));
};
