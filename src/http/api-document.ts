/** The API as OpenAPI describes it. */
import { type OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';

export type ApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** Made once somebody asks: it takes 0.1 s, which no start has to wait for. */
export function apiDocument(registry: OpenAPIRegistry, version: string): () => ApiDocument {
  let made: ApiDocument | null = null;
  return () => {
    made ??= new OpenApiGeneratorV31(registry.definitions).generateDocument({
      openapi: '3.1.0',
      info: {
        title: 'Underlabel',
        version,
        description: 'Which artifact was under the label when this inference ran?',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
    });
    return made;
  };
}
