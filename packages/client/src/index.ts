export { backOffMs, type Wait, wait } from './back-off.ts';
export { createReeveClient, type ReeveClient, type ReeveClientOptions } from './client.ts';
export { exportAudit } from './export-audit.ts';
export { isTransient, toFaultError } from './faults.ts';
export { type Reconnect, type StreamSessionOptions, streamSession } from './stream-session.ts';
