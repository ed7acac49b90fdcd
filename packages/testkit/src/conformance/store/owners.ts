import { homeTenant, type Owner } from '@reeve/core';

/** Two people of one tenant, and one of another tenant who has the name of the first. */
export const ada: Owner = { tenantId: homeTenant, userId: 'ada' };
export const bob: Owner = { tenantId: homeTenant, userId: 'bob' };
export const adaElsewhere: Owner = { tenantId: 'elsewhere', userId: 'ada' };
