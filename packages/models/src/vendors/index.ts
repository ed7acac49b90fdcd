import { hosts } from './hosts.ts';
import { localVendors } from './local.ts';
import { makers } from './makers.ts';
import type { Vendor } from './vendor.ts';

export * from './vendor.ts';

/**
 * Every vendor Reeve knows (F037). A new one is a row in one of these files and nothing else. A row's place is its
 * rank: when several keys are found in the environment, the first answers unless the owner says otherwise.
 */
export const vendors: readonly Vendor[] = [...makers, ...hosts, ...localVendors];

const byName = new Map(
  vendors.flatMap((vendor) => [vendor.id, ...(vendor.aliases ?? [])].map((name) => [name, vendor] as const)),
);

/** The row of an id or of another name; undefined for a server that is the owner's own. */
export const vendorOf = (name: string): Vendor | undefined => byName.get(name);
