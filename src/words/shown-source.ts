/** Where a label is read, as it is shown: a query or a user in an address may be a secret. */
import type { SourceSpec } from '../contract/label.ts';

/** In the place of a query that is not shown. An address that has it of its own writes it `%E2%80%A6`. */
const LEFT_OUT = '?…';

/** @param whole whether who looks may see all of it: others see where that is, and that there is more */
export function shownSource(source: SourceSpec, whole: boolean): SourceSpec {
  if (whole) return source;
  const fields = addressesOf(source).map(([name, url]) => [name, shortened(url)]);
  return { ...source, ...Object.fromEntries(fields) };
}

/** The fields that hold what `shownSource` made of an address. */
export function shortenedFields(source: SourceSpec): string[] {
  const found = addressesOf(source).filter(([, url]) => url.endsWith(LEFT_OUT));
  return found.map(([name]) => name);
}

function addressesOf(source: SourceSpec): [string, string][] {
  if (source.kind === 'manifest') return [['url', source.url]];
  if (source.kind !== 'model-hub') return [];
  return Object.entries({ baseUrl: source.baseUrl, filesUrl: source.filesUrl }).flatMap(
    ([name, url]): [string, string][] => (url === undefined ? [] : [[name, url]]),
  );
}

function shortened(text: string): string {
  const url = new URL(text);
  const isPlain = !(url.search || url.hash || url.username || url.password);
  return isPlain ? text : `${url.protocol}//${url.host}${url.pathname}${LEFT_OUT}`;
}
