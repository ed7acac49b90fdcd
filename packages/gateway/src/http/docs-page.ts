import scalar from '@scalar/fastify-api-reference';
import fastify from 'fastify';

/** The reference page brings its own styles and scripts inline; it may reach nothing but this gateway. */
export const docsSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface DocsPage {
  get(
    path: string,
  ): Promise<{ status: number; contentType: string; body: string; location: string | undefined }>;
}

/**
 * Scalar's page on an app of its own that never listens: the plugin with its four megabytes of script is only
 * loaded when somebody opens the page.
 */
export const createDocsPage = async (): Promise<DocsPage> => {
  const app = fastify();
  await app.register(scalar, {
    routePrefix: '/api/docs',
    configuration: {
      url: '/api/openapi.json',
      withDefaultFonts: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  await app.ready();
  return {
    async get(path) {
      const response = await app.inject({ method: 'GET', url: path });
      return {
        status: response.statusCode,
        contentType: String(response.headers['content-type'] ?? 'text/html'),
        body: response.body,
        location: response.headers.location,
      };
    },
  };
};
