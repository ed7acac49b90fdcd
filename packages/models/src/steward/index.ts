export { createSteward } from './create-steward.ts';
