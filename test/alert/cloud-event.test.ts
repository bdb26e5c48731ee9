import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudEvent, eventBody } from '../../src/alert/cloud-event.ts';
import { MOST_EVENT_BYTES, cloudEvent as schema } from '../../src/contract/event.ts';
import { MOST_BLOB_IDS, type StoredEvent } from '../../src/store/event.ts';
import { artifact, blob, START } from '../store/opened.ts';
import { DATA, event, TYPES } from './events.ts';

describe.each(TYPES)('%s', (type) => {
  it('is a CloudEvent, in the form that is published', () => {
    const told = cloudEvent(event(type));
    expect(schema.safeParse(told).error?.issues).toBeUndefined();
    expect(told).toMatchObject({
      specversion: '1.0',
      id: '01936b2f-7e00-7000-8000-000000000001',
      source: 'urn:underlabel',
      type,
      time: '2026-11-17T10:00:00.000Z',
      datacontenttype: 'application/json',
    });
  });

  it('is the same bytes each time, however it was put together', () => {
    const one = event(type);
    const other = JSON.parse(JSON.stringify(one, Object.keys(one).reverse())) as StoredEvent;
    const data = Object.fromEntries(Object.entries(one.data).reverse());
    expect(eventBody({ ...other, data } as unknown as StoredEvent)).toEqual(eventBody(one));
  });
});

describe('an event', () => {
  it('tells of a change as the API does, and which blobs it was from and to', () => {
    expect(cloudEvent(event('underlabel.change.moved'))).toMatchObject({
      subject: 'og/eth-volatility',
      data: {
        id: 'reading-7',
        label: 'og/eth-volatility',
        kind: 'moved',
        from: artifact('a'),
        to: artifact('b'),
        after: '2026-11-17T09:59:30.000Z',
        before: '2026-11-17T09:59:59.800Z',
        detectedAt: '2026-11-17T10:00:00.000Z',
        fromBlobIds: [blob('a')],
        toBlobIds: [blob('b')],
      },
    });
  });

  it('tells of a label that can not be read: since when, why, and when it last could', () => {
    const data = { ...DATA['underlabel.label.unreadable'], lastSuccessAt: START - 1 };
    expect(cloudEvent(event('underlabel.label.unreadable', data)).data).toEqual({
      label: 'og/eth-volatility',
      since: '2026-11-17T10:00:00.000Z',
      error: { code: 'timeout', message: 'no answer' },
      lastSuccessAt: '2026-11-17T09:59:59.999Z',
    });
  });

  it('says nothing that is not of its type', () => {
    const data = { ...DATA['underlabel.channel.test'], secret: 'whsec_x' };
    expect(eventBody(event('underlabel.channel.test', data)).toString()).not.toContain('secret');
  });

  it('is published as one of its types, told apart by `type`', () => {
    const registry = new OpenAPIRegistry();
    const content = { 'application/json': { schema } };
    const responses = { 200: { description: 'An event', content } };
    registry.registerPath({ method: 'get', path: '/', responses });
    const { components } = new OpenApiGeneratorV31(registry.definitions).generateComponents();
    const { discriminator } = components!.schemas!.Event as {
      discriminator: { mapping: Record<string, string> };
    };
    expect(Object.keys(discriminator.mapping).sort()).toEqual(TYPES.toSorted());
  });
});

describe('the worst there can be', () => {
  const label = 'l'.repeat(200);
  const ids = Array.from({ length: 5000 }, (_, i) => blob(`${i}`));
  const worst: StoredEvent[] = [
    event('underlabel.change.moved', {
      ...DATA['underlabel.change.moved'],
      label,
      fromBlobIds: ids,
      toBlobIds: ids,
    }),
    ...['x', '\u0000', '"', '€', '😀', '\ud800', 'a\u0301'].flatMap((text) => [
      event('underlabel.label.unreadable', {
        ...DATA['underlabel.label.unreadable'],
        label,
        error: { code: text.repeat(100_000), message: text.repeat(100_000) },
      }),
      event('underlabel.channel.disabled', { channel: label, reason: text.repeat(100_000) }),
    ]),
    event('underlabel.trace.conflict', {
      label,
      blobId: blob('z'),
      traceId: '\u{10ffff}'.repeat(200),
    }),
  ];

  it.each(worst)('stays under 20 kB and in form (%#)', (told) => {
    const body = eventBody(told);
    expect(body.length).toBeLessThan(MOST_EVENT_BYTES);
    expect(body.toString().isWellFormed()).toBe(true);
    const parsed = schema.safeParse(JSON.parse(body.toString()));
    expect(parsed.error?.issues).toBeUndefined();
  });

  it('is no matter what the texts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(text, text, (code, message) => {
        const error = { code: code.repeat(20), message: message.repeat(20) };
        const data = { ...DATA['underlabel.label.unreadable'], error };
        const body = eventBody(event('underlabel.label.unreadable', data));
        expect(body.length).toBeLessThan(MOST_EVENT_BYTES);
      }),
    );
  });

  it('lists no more Blob IDs than the store says it does', () => {
    const { data } = cloudEvent(worst[0]!) as { data: { toBlobIds: string[] } };
    expect(data.toBlobIds).toHaveLength(MOST_BLOB_IDS);
  });
});
