import { type Vendor, vendors } from '../vendors/index.ts';

type Env = Record<string, string | undefined>;

/** A vendor whose key lies in the environment. */
export interface FoundKey {
  vendor: Vendor;
  /** The variable that holds the key. */
  variable: string;
}

/** The vendors whose keys are in the environment, in the order of the vendor table. An empty variable counts as unset. */
export const findKeys = (env: Env): FoundKey[] =>
  vendors.flatMap((vendor) => {
    const variable = vendor.keyEnv.find((name) => env[name]?.trim());
    return variable === undefined ? [] : [{ vendor, variable }];
  });
