export { BoundedMap } from './bounded-map.ts';
export { type Core, type CoreOptions, createCore, type Settings } from './core.ts';
export * from './gate/actor.ts';
export { auditCsv } from './gate/audit.ts';
export { auditOf } from './gate/audit-view.ts';
export type { Authority } from './gate/authority.ts';
export type { ApprovalTimes } from './gate/questions.ts';
export { createTell } from './gate/tell.ts';
export type { RateLimits } from './limits/rates.ts';
export * from './main-agent.ts';
export type { CatalogEntry, CatalogSetup, ModelCatalog } from './model/catalog.ts';
export type { Routing } from './model/routing.ts';
export type { StreamLimits } from './model/timed-stream.ts';
export * from './ports/approvals.ts';
export * from './ports/artifacts.ts';
export * from './ports/audit.ts';
export * from './ports/budget.ts';
export * from './ports/bus.ts';
export * from './ports/channel-links.ts';
export * from './ports/clock.ts';
export * from './ports/docs.ts';
export * from './ports/engine.ts';
export * from './ports/facts.ts';
export type * from './ports/former-credentials.ts';
export * from './ports/identity.ts';
export * from './ports/log.ts';
export * from './ports/model.ts';
export * from './ports/people.ts';
export * from './ports/policy.ts';
export * from './ports/policy-store.ts';
export * from './ports/reminders.ts';
export * from './ports/scim.ts';
export * from './ports/secrets.ts';
export * from './ports/sign-on.ts';
export * from './ports/store.ts';
export * from './ports/tool.ts';
export type { Direct, DirectRequest } from './run/direct.ts';
export { cutWorkspaceFile, type Workspace } from './run/prompt.ts';
export type { CountRequest } from './run/window.ts';
export {
  createSecretBroker,
  type SecretBroker,
  type SecretReader,
  type SecretsState,
} from './secrets/broker.ts';
export { guardProvider, guardTool } from './secrets/guard.ts';
export { handleOf, isHandle, maskSecret, parseHandle } from './secrets/handle.ts';
export { createRedactor, type RedactedStream, type Redactor, redactPatterns } from './secrets/redactor.ts';
export { isSensitiveName } from './secrets/sensitive-names.ts';
export type { AcceptInput, Chat } from './session/chat.ts';
export { eventsPage } from './session/events-page.ts';
export { exportHtml } from './session/export-html.ts';
export type { Sessions } from './session/sessions.ts';
export { endOfRun, type Streams } from './session/stream.ts';
