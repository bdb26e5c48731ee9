/** A request as it stands: headers, methods and bodies that `fetch` would refuse or correct. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever was answered
  json: any;
}

export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  /** Parts are sent chunked, without a length. */
  body?: string | Uint8Array | Iterable<Uint8Array>;
}

export function rawRequest(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const whole = typeof body === 'string' || body instanceof Uint8Array;
    const length = whole ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const options = { hostname, port, path, method, headers: { ...length, ...headers } };
    const sending = request({ ...options, agent: false }, async (answer) => {
      const body = await text(answer);
      const isJson = answer.headers['content-type']?.includes('json') && body !== '';
      const json = isJson ? JSON.parse(body) : null;
      resolve({ status: answer.statusCode!, headers: answer.headers, text: body, json });
    });
    sending.on('error', reject);
    if (whole || body === undefined) sending.end(body);
    else {
      for (const part of body) sending.write(part);
      sending.end();
    }
  });
}
