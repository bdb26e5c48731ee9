/** The API as a page, from its OpenAPI document. Nothing is loaded from anywhere. */
import type { OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { raw } from 'hono/html';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

interface Operation {
  summary?: string;
  description?: string;
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    schema?: object;
    description?: string;
  }[];
  requestBody?: { content?: Record<string, { schema?: object }> };
  responses?: Record<
    string,
    { description?: string; content?: Record<string, { schema?: object }> }
  >;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 2rem 0 0; overflow-wrap: anywhere }
h2 span { display: inline-block; min-width: 4.5ch; text-transform: uppercase }
p { margin: .25rem 0 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid #8884 }
pre { overflow-x: auto; padding: .75rem; background: #8881; font-size: .85rem }
`;

export function docsPage(document: Document) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  );
  const schemas = Object.entries(document.components?.schemas ?? {});
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Underlabel API</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>Underlabel API {document.info.version}</h1>
          <p>
            {document.info.description} The same as data: <a href="/openapi.json">/openapi.json</a>
          </p>
          {operations.map((one) => (
            <Endpoint {...one} />
          ))}
          <h1>Schemas</h1>
          {schemas.map(([name, schema]) => (
            <details id={name}>
              <summary>{name}</summary>
              <pre>{JSON.stringify(schema, null, 2)}</pre>
            </details>
          ))}
        </main>
      </body>
    </html>
  );
}

function Endpoint({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}) {
  const body = operation.requestBody?.content?.['application/json']?.schema;
  return (
    <section>
      <h2>
        <span>{method}</span> {path}
      </h2>
      <p>{operation.summary}.</p>
      <p>{operation.description}</p>
      <table>
        <tbody>
          {(operation.parameters ?? []).map((parameter) => (
            <tr>
              <th scope="row">
                <code>{parameter.name}</code>
              </th>
              <td>
                in {parameter.in}
                {parameter.required ? ', required' : ''}
              </td>
              <td>
                <code>{nameOf(parameter.schema)}</code>
              </td>
            </tr>
          ))}
          {body && (
            <tr>
              <th scope="row">body</th>
              <td />
              <td>
                <code>{nameOf(body)}</code>
              </td>
            </tr>
          )}
          {Object.entries(operation.responses ?? {}).map(([status, answer]) => (
            <tr>
              <th scope="row">{status === 'default' ? 'else' : status}</th>
              <td>{answer.description}</td>
              <td>
                <code>{nameOf(Object.values(answer.content ?? {})[0]?.schema)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function nameOf(schema: object | undefined): string {
  if (!schema) return '';
  if ('$ref' in schema) return String(schema.$ref).split('/').at(-1)!;
  return JSON.stringify(schema);
}
