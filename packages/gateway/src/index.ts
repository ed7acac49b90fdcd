export { apiActions } from './api-actions.ts';
export type { RequestContext, SecretsService, Services, System } from './context.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { buildOpenApi } from './http/openapi.ts';
export { checkAuthMode } from './identity/entrance.ts';
