import { describe, expect, it } from 'vitest';
import { contextOf, traceOf } from '../../../src/ingest/spans/trace.ts';
import { spanOfKey, traceKey } from '../../../src/ingest/spans/trace-key.ts';
import { attributesOf, inferenceIn, spanWith, traceIn } from './span.ts';

const chat = { 'gen_ai.operation.name': 'chat' };
const BLOB = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';

describe('the trace of a span', () => {
  it('is the same one when the span is sent again', () => {
    const [one, again] = [traceIn(spanWith(chat)), traceIn(spanWith(chat))];
    expect(one.trace).toEqual(again.trace);
    expect(one.trace.id).toBe('4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7');
  });

  it('has an id that names its span, which other ids do not', () => {
    const span = spanWith(chat);
    const { traceId, spanId } = span;
    expect(spanOfKey(traceKey(span))).toEqual({ traceId, spanId });
    for (const id of ['', traceId, `${traceId}-${spanId}0`, `${traceId}-${spanId.toUpperCase()}`]) {
      expect(spanOfKey(id)).toBeNull();
    }
  });

  it('begins at the millisecond at or before its span, and ends at the one at or after', () => {
    const times = (start: bigint, end: bigint) => {
      const { startedAt, endedAt } = traceIn(spanWith(chat, { start, end })).trace;
      return [startedAt, endedAt];
    };
    expect(times(1_999_999n, 2_000_001n)).toEqual([1, 3]);
    expect(times(2_000_000n, 2_000_000n)).toEqual([2, 2]);
    expect(times(1n, 1n)).toEqual([0, 1]);
    expect(times(0n, 2n ** 63n - 1n)).toEqual([0, 9_223_372_036_855]);
  });

  it('has what is said of it under names of ours', () => {
    const { trace, problems } = traceIn(
      spanWith({
        ...chat,
        'underlabel.decision': 'HOLD',
        'underlabel.blob_id': BLOB,
        'underlabel.turn': 3,
        'session.id': 's-1',
      }),
    );
    expect(trace).toMatchObject({ decision: 'HOLD', blobId: BLOB, turn: 3, context: 's-1' });
    expect(problems).toEqual([]);
  });

  it('says what it could not use, and keeps that as it came', () => {
    const given = {
      ...chat,
      'underlabel.decision': 'x'.repeat(201),
      'underlabel.blob_id': `${BLOB}=`,
      'underlabel.label': 'no label',
      'underlabel.turn': -1,
      'gen_ai.conversation.id': 'c'.repeat(501),
      'gen_ai.request.model': 'a\0b',
    };
    const { trace, facts, problems, attributes } = traceIn(spanWith(given));
    expect(trace).toMatchObject({ decision: null, blobId: null, turn: null, context: null });
    expect(facts).toMatchObject({ declaredLabel: null, requestModel: null });
    const told = problems.map(({ attribute, message }) => `${attribute}: ${message}`);
    expect(told).toEqual([
      'the requested model: holds a NUL; the trace has none',
      'underlabel.label: a label is 1–200 of A-Z a-z 0-9 . _ - / @ : and begins with a letter or digit',
      `underlabel.blob_id: not in canonical form; the canonical form is ${BLOB}`,
      expect.stringContaining('underlabel.decision: '),
      'the conversation: is longer than 500 characters; the trace has none',
      'underlabel.turn: is no whole number from 0',
    ]);
    expect(attributes).toMatchObject(given);
  });

  it('keeps everything else its span came with', () => {
    const span = spanWith(
      { ...chat, mine: attributesOf({ a: [1, 'x', null] }) },
      {
        parentSpanId: 'b7ad6b7169203331',
        status: { code: 2, message: 'broke' },
        resource: attributesOf({ 'service.name': 'desk', 'host.id': 'h' }),
        scope: { name: 'lib', version: '2', attributes: attributesOf({ s: true }) },
      },
    );
    expect(traceIn(span).attributes).toEqual({
      ...chat,
      mine: { a: [1, 'x', null] },
      'underlabel.span': {
        name: 'chat gpt-4o',
        kind: 3,
        parentSpanId: 'b7ad6b7169203331',
        startTimeUnixNano: '1795000000123456789',
        endTimeUnixNano: '1795000001123456789',
        status: { code: 2, message: 'broke' },
        resource: { 'service.name': 'desk', 'host.id': 'h' },
        scope: { name: 'lib', version: '2', attributes: { s: true } },
      },
    });
    expect(inferenceIn(span).error).toEqual({ type: null, message: 'broke' });
  });

  it('has one hash for one input, whatever else differs', () => {
    const hash = (attributes: { [key: string]: string | number }, name: string) => {
      const span = spanWith(
        { ...chat, ...attributes, 'gen_ai.prompt.0.role': 'user', 'gen_ai.prompt.0.content': 'Hi' },
        { name, spanId: 'b7ad6b7169203331', start: 5n },
      );
      return traceOf(span, inferenceIn(span)).trace.inputHash;
    };
    expect(hash({ 'gen_ai.response.id': 'a', 'gen_ai.usage.input_tokens': 1 }, 'x')).toEqual(
      hash({ 'gen_ai.response.id': 'b', 'gen_ai.request.temperature': 1 }, 'y'),
    );
  });
});

describe('a span that is no inference', () => {
  it('is kept as context: where it stands, and nothing that was said in it', () => {
    const span = spanWith(
      { 'input.value': 'secret', 'tool.name': 'secret' },
      { name: `tool\0${'x'.repeat(300)}`, kind: 1, status: { code: 2, message: 'secret' } },
    );
    const context = contextOf(span);
    expect(context).toEqual({
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: null,
      name: `tool\ufffd${'x'.repeat(195)}`,
      service: 'desk',
      kind: 1,
      status: 2,
      startedAt: 1_795_000_000_123,
      endedAt: 1_795_000_001_124,
    });
  });
});
