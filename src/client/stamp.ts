/**
 * A tag, written on a span. It rests on readings that the service made itself, and the span will come
 * back to that service: there `underlabel.blob_id` is evidence of its own kind, and a stamp must never
 * pass for it, or readings would confirm themselves. So `underlabel.stamped` names what was stamped,
 * and it is written first: where it can't be written whole, nothing else is.
 */
import { ClientError } from './client-error.ts';
import { LABEL, type SpanLabel } from './span-label.ts';
import { type OpenSpan, resourceAttribute } from './span-view.ts';
import type { Tag } from './tag.ts';
import { VERSION } from './version.ts';

/** The names of the attributes that are no declarations: a list. */
export const STAMPED = 'underlabel.stamped';
/** By what, for which label, on which reading. Longer than anything else that is stamped. */
export const STAMPED_BY = 'underlabel.stamped_by';
export const CERTAINTY = 'underlabel.certainty';
export const ARTIFACT_ID = 'underlabel.artifact_id';
export const BLOB_ID = 'underlabel.blob_id';

/** @throws ClientError no-room; and whatever the span throws */
export function stamp(span: OpenSpan, tag: Tag, { by }: SpanLabel): void {
  const { attributes } = span;
  if (attributes[STAMPED] !== undefined) return;
  const values = stampOf(span, tag).filter(([name]) => attributes[name] === undefined);
  // A label that the application gave is a declaration, wherever it was given.
  const stamped = values.map(([name]) => name).filter((name) => name !== LABEL || by !== 'option');
  write(span, STAMPED, stamped);
  write(span, STAMPED_BY, provenance(tag));
  for (const [name, value] of values) write(span, name, value);
}

/** In this order: an artifact never stands without how certain it is. */
function stampOf(span: OpenSpan, tag: Tag): [string, string][] {
  const values: [string, string][] = [
    [CERTAINTY, tag.certainty],
    [LABEL, tag.label],
  ];
  if (tag.artifactId !== null) values.push([ARTIFACT_ID, tag.artifactId]);
  const blobIds = new Set(tag.blobIds ?? []);
  const [blobId] = blobIds;
  // Of several none is "the" blob; and what the application declares is not ours to repeat.
  const declared = resourceAttribute(span, BLOB_ID) !== undefined;
  if (blobId !== undefined && blobIds.size === 1 && !declared) values.push([BLOB_ID, blobId]);
  return values;
}

function provenance({ label, lastReadingAt, asOf, stale, problem }: Tag): string {
  return [
    `underlabel-client/${VERSION}`,
    `label=${label}`,
    `last-reading=${lastReadingAt ?? 'none'}`,
    `as-of=${asOf ?? 'never'}`,
    ...(stale ? ['stale'] : []),
    ...(problem ? [`problem=${problem.code}`] : []),
  ].join('; ');
}

/** A span takes only so many attributes, and cuts long ones. */
function write(span: OpenSpan, name: string, value: string | string[]): void {
  span.setAttribute(name, value);
  const kept = span.attributes[name];
  const isWhole = Array.isArray(value)
    ? Array.isArray(kept) && kept.length === value.length && value.every((v, i) => v === kept[i])
    : kept === value;
  if (isWhole) return;
  const message = `the span has no room for ${name}, so nothing more is stamped on it; raise the SDK's limits of attributes and of their length`;
  throw new ClientError('no-room', message);
}
