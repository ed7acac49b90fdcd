import { type Fault, fault, isFaultError } from '@reeve/protocol';

/** What the outermost boundary says of an error: an expected failure in its own words; anything else is a bug of ours. */
export const asFault = (error: unknown): { fault: Fault; isBug: boolean } => {
  if (isFaultError(error)) return { fault: error.fault, isBug: false };
  return {
    fault: fault('INTERNAL_ERROR', error instanceof Error ? error.message : String(error)),
    isBug: true,
  };
};
