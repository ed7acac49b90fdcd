import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract, faultCatalogue, version } from '@reeve/protocol';
import { describeOpenAiPaths } from '../openai/describe.ts';
import { openPaths } from './open-paths.ts';

/** The OpenAPI 3.1 document of the contract. Built at first request: nothing of it is needed to run. */
export const buildOpenApi = async (): Promise<Record<string, unknown>> => {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Reeve',
      version,
      description: [
        'Sign in with `Authorization: Bearer TOKEN` (`reeve token create --name NAME`), or in the browser by the login link.',
        'Every error answers `{code, message, next, error, timestamp}`. Codes:',
        ...Object.entries(faultCatalogue).map(
          ([code, kind]) => `- \`${code}\` (${kind.status}): ${kind.message} ${kind.next}`,
        ),
      ].join('\n\n'),
    },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    customErrorResponseBodySchema: {
      type: 'object',
      required: ['code', 'message', 'error', 'timestamp'],
      properties: {
        code: { type: 'string', enum: Object.keys(faultCatalogue) },
        error: { type: 'string' },
        message: { type: 'string' },
        next: { type: 'string' },
        requestId: { type: 'string' },
        timestamp: { type: 'string', format: 'date-time' },
      },
    },
  });
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    if (openPaths.has(path))
      for (const operation of Object.values(methods ?? {})) Object.assign(operation, { security: [] });
  }
  return { ...document, paths: { ...document.paths, ...describeOpenAiPaths() } };
};
