import type { GatewayTexts } from '../lib/gateway-texts.ts';
import { ownFaultEn } from './page-faults.ts';

/** The gateway speaks English itself: only what a page says in other words. Loaded after the first view. */
export const gatewayEn: GatewayTexts = {
  settings: {},
  faults: {},
  ownFault: ownFaultEn,
  phrases: [],
  auditTypes: {},
  auditOutcomes: {},
  policyNames: {},
  policies: {},
};
