/** What our own client writes on spans comes from readings: it must never come back as evidence beside them. */
import { describe, expect, it } from 'vitest';
import type { AnyValue } from '../../../src/ingest/otlp/span.ts';
import { labelFactsOf } from '../../../src/ingest/spans/label-facts.ts';
import { attributesOf, inferenceIn, spanWith, traceIn } from './span.ts';

const BLOB = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const OTHER = Buffer.alloc(32, 'other').toString('base64url');
const BY = { 'underlabel.stamped_by': 'underlabel-client/0.1.0; label=og/risk' };

function seen(given: { [key: string]: AnyValue }, resource: { [key: string]: AnyValue } = {}) {
  const span = spanWith(
    { 'gen_ai.request.model': 'm', ...given },
    { resource: attributesOf(resource) },
  );
  const { facts, problems, stamped } = labelFactsOf(span, inferenceIn(span));
  expect(problems).toEqual([]);
  return { blob: facts.blobId, label: facts.declaredLabel, stamped };
}

const BLOB_LISTED = { 'underlabel.stamped': ['underlabel.blob_id', 'underlabel.certainty'], ...BY };

describe('a blob on a span', () => {
  it('declares nothing where the client stamped it', () => {
    const found = seen({ 'underlabel.blob_id': BLOB, ...BLOB_LISTED });
    expect(found).toEqual({ blob: null, label: null, stamped: ['underlabel.blob_id'] });
  });

  it('is a declaration where the client stamped something else', () => {
    const stamps = { 'underlabel.stamped': ['underlabel.certainty'], ...BY };
    expect(seen({ 'underlabel.blob_id': BLOB, ...stamps })).toMatchObject({ blob: BLOB });
  });

  it('leaves what the resource declares, where the client stamped the span', () => {
    const resource = { 'underlabel.blob_id': OTHER };
    const found = seen({ 'underlabel.blob_id': BLOB, ...BLOB_LISTED }, resource);
    expect(found).toMatchObject({ blob: OTHER });
  });

  it('is kept among the attributes with its stamps', () => {
    const trace = traceIn(
      spanWith({ 'gen_ai.request.model': 'm', 'underlabel.blob_id': BLOB, ...BLOB_LISTED }),
    );
    expect(JSON.parse(String(trace.trace.attributes))).toMatchObject({
      'underlabel.blob_id': BLOB,
      ...BLOB_LISTED,
    });
  });
});

describe('a label on a span', () => {
  it('declares nothing where the client took it from the model’s name', () => {
    const stamps = { 'underlabel.stamped': ['underlabel.label'], ...BY };
    expect(seen({ 'underlabel.label': 'og/risk', ...stamps })).toMatchObject({ label: null });
  });

  it('is a declaration where the application gave it', () => {
    const stamps = { 'underlabel.stamped': ['underlabel.blob_id'], ...BY };
    expect(seen({ 'underlabel.label': 'og/risk', ...stamps })).toMatchObject({ label: 'og/risk' });
  });
});

describe('a list of stamps that is lost', () => {
  const declared = { 'underlabel.blob_id': BLOB, 'underlabel.label': 'og/risk' };
  const cases: [string, { [key: string]: AnyValue }][] = [
    ['is gone, and says who stamped', BY],
    ['is gone, and leaves a certainty', { 'underlabel.certainty': 'bracketed' }],
    ['is a text', { 'underlabel.stamped': 'underlabel.blob_id' }],
  ];
  it.each(cases)('%s: nothing on the span is a declaration', (_, stamps) => {
    expect(seen({ ...declared, ...stamps })).toMatchObject({ blob: null, label: null });
  });

  it('means nothing on the resource', () => {
    expect(seen(declared, { 'underlabel.stamped': ['underlabel.blob_id'], ...BY })).toMatchObject({
      blob: BLOB,
      label: 'og/risk',
    });
  });
});
