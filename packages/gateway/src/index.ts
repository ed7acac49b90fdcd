export type { RequestContext, Services, System } from './context.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { buildOpenApi } from './http/openapi.ts';
export { createIdentity, type Identity } from './identity/identity.ts';
