import { cloudVendors } from './cloud.ts';
import { localVendors } from './local.ts';
import type { Vendor } from './vendor.ts';

export * from './vendor.ts';

/** Every vendor Reeve knows, by rank (F037). A new one is a row here and nothing else. */
export const vendors: readonly Vendor[] = [...cloudVendors, ...localVendors];

const byName = new Map(
  vendors.flatMap((vendor) => [vendor.id, ...(vendor.aliases ?? [])].map((name) => [name, vendor] as const)),
);

/** The row of an id or of another name; undefined for a server that is the owner's own. */
export const vendorOf = (name: string): Vendor | undefined => byName.get(name);
