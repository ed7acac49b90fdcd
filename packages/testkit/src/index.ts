export * from './crash/campaign.ts';
export * from './crash/effects.ts';
export * from './crash/random.ts';
export * from './failover/campaign.ts';
export * from './fake-clock.ts';
export * from './harness/child-process.ts';
export * from './harness/in-process.ts';
export * from './model/index.ts';
