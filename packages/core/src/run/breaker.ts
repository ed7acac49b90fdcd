import type { Fault, Json, ToolCall } from '@reeve/protocol';
import { fault } from '@reeve/protocol';

/** F047: how many of the last calls are compared, and how many alike of them end a run. */
const windowSize = 10;
const repeatLimit = 5;
const failureLimit = 3;

/** Ends a run that makes no progress. Fed with every finished tool call, in order. */
export interface Breaker {
  /** The reason to end the run, once there is one. */
  check(call: ToolCall, result: { text: string; status: string }): Fault | null;
}

/** `fingerprint` must be the same for equal texts (SHA-256). */
export const createBreaker = (fingerprint: (text: string) => string): Breaker => {
  const recent: string[] = [];
  let failures = 0;
  return {
    check(call, result) {
      recent.push(fingerprint(JSON.stringify([call.name, call.args as Json, result.text])));
      if (recent.length > windowSize) recent.shift();
      const same = recent.filter((print) => print === recent.at(-1)).length;
      if (same >= repeatLimit) {
        return fault(
          'NO_PROGRESS',
          `I stopped: ${call.name} was called ${same} times with the same arguments and gave the same result each time.`,
        );
      }
      failures = result.status === 'ok' ? 0 : failures + 1;
      if (failures >= failureLimit) {
        return fault(
          'NO_PROGRESS',
          `I stopped: ${failures} tool calls in a row failed, the last one being ${call.name}.`,
        );
      }
      return null;
    },
  };
};
