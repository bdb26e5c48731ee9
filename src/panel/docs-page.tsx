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
code { overflow-wrap: anywhere }
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
      <p>{plain(operation.description)}</p>
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
                <Shape schema={parameter.schema} />
              </td>
            </tr>
          ))}
          {body && (
            <tr>
              <th scope="row">body</th>
              <td />
              <td>
                <Shape schema={body} />
              </td>
            </tr>
          )}
          {Object.entries(operation.responses ?? {}).map(([status, answer]) => (
            <tr>
              <th scope="row">{status === 'default' ? 'else' : status}</th>
              <td>{answer.description}</td>
              <td>
                <Shape schema={Object.values(answer.content ?? {})[0]?.schema} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A named schema as a link to it, a page of a list as what it lists, any other as it is. */
function Shape({ schema }: { schema: object | undefined }) {
  if (!schema) return null;
  const name = refOf(schema);
  if (name !== null) return <a href={`#${name}`}>{name}</a>;
  const item = listedIn(schema);
  if (item !== null) {
    return (
      <>
        items: <a href={`#${item}`}>{item}</a>[], nextCursor
      </>
    );
  }
  const { description, ...rest } = schema as { description?: string };
  return (
    <>
      {description ? `${plain(description)}. ` : ''}
      <code>{JSON.stringify(rest)}</code>
    </>
  );
}

function refOf(schema: object): string | null {
  return '$ref' in schema ? String(schema.$ref).split('/').at(-1)! : null;
}

function listedIn(schema: object): string | null {
  const { items } = (schema as { properties?: { items?: { items?: object } } }).properties ?? {};
  return items?.items ? refOf(items.items) : null;
}

/** Descriptions are Markdown in the document; here the backticks would only be read aloud. */
const plain = (text: string | undefined) => (text ?? '').replaceAll('`', '');
