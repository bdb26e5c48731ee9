import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import { fingerprint } from '../../src/contract/fingerprint.ts';
import { fieldErrors } from '../../src/contract/path.ts';
import { parseTraces } from '../../src/ingest/native.ts';
import { jsonTexts, spaces } from '../contract/json-texts.ts';

const TIMES = '"startedAt":"2026-11-17T10:00:00Z","endedAt":"2026-11-17T10:00:01Z"';
const BLOB = Buffer.alloc(32, 'a').toString('base64url');

const textOf = (bytes: Buffer | null) => bytes?.toString() ?? null;

/** The texts of its traces as texts. */
function parse(text: string) {
  const batch = parseTraces(text, JSON.parse(text));
  const traces = batch.traces.map(({ index, trace }) => {
    const [input, output] = [textOf(trace.input), textOf(trace.output)];
    return { index, trace: { ...trace, input, output, attributes: textOf(trace.attributes) } };
  });
  return { ...batch, traces };
}

/** A trace of which only `more` matters. */
const body = (more: string, times = TIMES) => `{"id":"t","label":"og/vol",${times}${more}}`;

function one(more: string) {
  const { traces, rejected } = parse(`{"traces":[${body(more)}]}`);
  expect(rejected).toEqual([]);
  return traces[0]!.trace;
}

/** What is said against a trace. */
function against(text: string) {
  const { traces, rejected } = parse(`{"traces":[${body('')},${text},${body('')}]}`);
  expect(traces.map(({ index }) => index)).toEqual([0, 2]);
  expect(rejected).toHaveLength(1);
  expect(rejected[0]!.index).toBe(1);
  return rejected[0]!;
}

describe('input, output and attributes', () => {
  test.each([
    ['a number with its point', '1.0'],
    ['an integer that no double holds', '123456789012345678901234567890'],
    ['an exponent', '-1.50E+007'],
    ['keys in their order', '{"z":1,"a":2,"10":3,"9":4}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['white space inside', '{ "a" :\n\t[ 1 , 2 ] }'],
    ['escapes', '"\\u0061\\/\\ud800\\n"'],
    ['brackets and quotes in a string', '"}],\\"traces\\":[{\\\\"'],
    ['null', 'null'],
    ['an empty text', '""'],
  ])('are kept to the letter: %s', (_, raw) => {
    const trace = one(`, "input" : ${raw} ,"output":${raw}`);
    expect([trace.input, trace.output]).toEqual([raw, raw]);
    expect(trace.inputHash).toEqual(fingerprint(raw).hash);
    expect(trace.inputExact).toBe(fingerprint(raw).exact);
    expect(trace.outputHash).toEqual(fingerprint(raw).hash);
  });

  test('are kept to the letter, whatever they are and whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(jsonTexts, jsonTexts, spaces), { minLength: 1, maxLength: 4 }),
        (told) => {
          const bodies = told.map(([input, output, gap]) =>
            body(`,${gap}"output"${gap}:${gap}${output}${gap},"input":${input}${gap}`),
          );
          const { traces, rejected } = parse(`{"traces" :[${bodies.join(' , ')}] }`);
          expect(rejected).toEqual([]);
          expect(traces.map(({ trace }) => [trace.input, trace.output])).toEqual(
            told.map(([input, output]) => [input, output]),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that are left out are none, and their hashes neither', () => {
    expect(one('')).toMatchObject({
      input: null,
      inputHash: null,
      inputExact: false,
      output: null,
      outputHash: null,
      attributes: null,
    });
  });

  test('are found under escaped keys', () => {
    const trace = one(',"inp\\u0075t":1.0,"\\u006futput":2.0,"attribute\\u0073":{ "x":1.0 }');
    expect([trace.input, trace.output, trace.attributes]).toEqual(['1.0', '2.0', '{ "x":1.0 }']);
  });

  test('that stand twice count as they stand last', () => {
    const trace = one(',"input":1.0,"decision":"HOLD","inp\\u0075t":2.00,"decision":"CLEAR"');
    expect([trace.input, trace.decision]).toEqual(['2.00', 'CLEAR']);
    const text = `{"traces":[${body(',"input":1')}],"traces":[${body(',"input":2.0')}]}`;
    expect(parse(text).traces.map((each) => each.trace.input)).toEqual(['2.0']);
  });
});

describe('a batch', () => {
  test('may be empty, and keeps what can be stored at its index', () => {
    expect(parse('{"traces":[]}')).toEqual({ traces: [], rejected: [] });
    const text = `\n{"traces":\t[ 1, ${body(',"input":"first"')} , {}, ${body(',"input":"second"')}]}`;
    const { traces, rejected } = parse(text);
    expect(traces.map(({ index, trace }) => [index, trace.input])).toEqual([
      [1, '"first"'],
      [3, '"second"'],
    ]);
    expect(rejected.map(({ index }) => index)).toEqual([0, 2]);
  });

  test('gives a trace without an id one of its own', () => {
    const bare = `{"label":"og/vol",${TIMES}}`;
    const { traces } = parse(`{"traces":[${bare},${bare}]}`);
    const ids = traces.map(({ trace }) => trace.id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{1,200}$/);
  });

  test.each([
    ['{}', ['traces']],
    ['[]', ['']],
    ['{"traces":{}}', ['traces']],
    ['{"traces":[],"trace":[]}', ['trace']],
  ])('in a wrong envelope is refused as a whole: %s', (text, paths) => {
    let error: unknown;
    try {
      parse(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ZodError);
    expect(fieldErrors(error as ZodError).map(({ path }) => path)).toEqual(paths);
  });
});

describe('a trace is rejected by itself, and what is wrong is named', () => {
  const start = (time: string) =>
    body('', `"startedAt":"${time}","endedAt":"2026-11-17T10:00:01Z"`);

  test.each([
    ['an unknown field', body(',"latency":3'), 'latency', /unknown field/],
    [
      'one that would change its prototype',
      body(',"__proto__":{"id":"x"}'),
      '__proto__',
      /unknown field/,
    ],
    ['no label', `{"id":"t",${TIMES}}`, 'label', /./],
    ['a label of other characters', body('').replace('og/vol', 'og vol'), 'label', /1–200/],
    ['an end before its start', start('2026-11-17T10:00:01.001Z'), 'endedAt', /before startedAt/],
    ['a time without a zone', start('2026-11-17T10:00:00'), 'startedAt', /with a zone/],
    ['a day that does not exist', start('2026-02-30T10:00:00Z'), 'startedAt', /RFC 3339/],
    ['a time that is a number', body('', '"startedAt":0,"endedAt":1'), 'startedAt', /./],
    ['a decision of 201 characters', body(`,"decision":"${'x'.repeat(201)}"`), 'decision', /200/],
    ['a turn below 0', body(',"turn":-1'), 'turn', /./],
    ['a turn that is no integer', body(',"turn":1.5'), 'turn', /./],
    ['a context that is no text', body(',"context":{}'), 'context', /./],
    ['a context that no UTF-8 holds', body(',"context":"\\ud800"'), 'context', /surrogate/],
    ['attributes that are no object', body(',"attributes":[1]'), 'attributes', /./],
    ['an empty id', body('').replace('"t"', '""'), 'id', /1–200/],
    ['an id of 201', body('').replace('"t"', `"${'x'.repeat(201)}"`), 'id', /1–200/],
    ['an id that does not print', body('').replace('"t"', '"a\\u0007b"'), 'id', /printable/],
    ['a blob id that is none', body(',"blobId":"x"'), 'blobId', /43 characters/],
    ['a blob id in another form', body(`,"blobId":"${BLOB}="`), 'blobId', new RegExp(BLOB)],
    ['no object at all', '7', 'traces[1]', /./],
  ])('%s', (_, text, path, message) => {
    expect(against(text)).toMatchObject({ path, message: expect.stringMatching(message) });
  });

  test('not for a start and an end within one millisecond', () => {
    const times = '"startedAt":"2026-11-17T10:00:00.0005Z","endedAt":"2026-11-17T10:00:00.0005Z"';
    const { traces } = parse(`{"traces":[${body('', times)}]}`);
    const at = Date.UTC(2026, 10, 17, 10);
    expect(traces[0]!.trace).toMatchObject({ startedAt: at, endedAt: at + 1 });
  });

  test('not for an id of 200 printable characters of any script', () => {
    const id = '😀é日'.repeat(50) + 'x'.repeat(50);
    const { traces } = parse(`{"traces":[${body('').replace('"t"', JSON.stringify(id))}]}`);
    expect(traces[0]!.trace.id).toBe(id);
  });
});
