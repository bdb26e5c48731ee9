/** What a request's URL says: the parameters of its path and of its query, decoded. */
import type { FieldError } from '../contract/path.ts';
import { badRequest } from './problem.ts';

/** A time whose raw `+` was read as the space that it stands for in a query. */
const TIME_WITH_SPACE = /^(\d{4}-\d\d-\d\d[Tt][\d:.]+) (\d\d:\d\d)$/;

/** @param path of the endpoint, with `{name}` for parameters; the URL is known to fit it */
export function paramsOf(url: string, path: string): Record<string, string> {
  const segments = partsOf(url).path.split('/');
  const params = path.split('/').flatMap((part, index) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [[name, decode(segments[index]!, name)]];
  });
  return Object.fromEntries(params);
}

/** One value a name. */
export function queryOf(url: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const pair of partsOf(url).query.split('&')) {
    const [rawName, ...rest] = pair.replaceAll('+', ' ').split('=');
    const name = decode(rawName!, rawName!);
    if (name === '') continue;
    if (query.has(name)) refuse({ path: name, message: 'given more than once' });
    query.set(name, decode(rest.join('='), name).replace(TIME_WITH_SPACE, '$1+$2'));
  }
  return Object.fromEntries(query);
}

/** As they were sent: `URL` would resolve `..`, which may be a parameter. */
function partsOf(url: string): { path: string; query: string } {
  const [, path = '', query = ''] = /^\w+:\/\/[^/?#]*([^?#]*)\??([^#]*)/.exec(url) ?? [];
  return { path, query };
}

function decode(text: string, path: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    const message = 'is not percent-encoded UTF-8; write a % of its own as %25';
    return refuse({ path, message });
  }
}

function refuse(error: FieldError): never {
  throw badRequest([error]);
}
