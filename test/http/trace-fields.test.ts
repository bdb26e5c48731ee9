/** Whose traces are, and lists of some of their fields. */
import { describe, expect, it } from 'vitest';
import { TRACE_FIELDS, tracePart } from '../../src/contract/trace-part.ts';
import { fieldsQuery, needsTexts, partOf } from '../../src/http/trace-fields.ts';
import { START, trace } from '../store/opened.ts';
import { span } from '../store/traces/spans.ts';
import { appUnderTest } from './app-under-test.ts';
import { idOf, sendSpans } from './otlp-spans.ts';
import { expectFields } from './problems.ts';
import { sharedService } from './service-under-test.ts';

const service = sharedService({ rules: [{ requestModel: 'gpt-4*', label: 'acme/gpt' }] });
const get = (path: string) => service.ask('GET', `/api/v1/${path}`);

describe('a trace', () => {
  it('of a span says by what it has its label, and where it came from', async () => {
    const mapped = { n: 1, startedAt: START, service: 'desk', requestModel: 'gpt-4o' };
    const unmapped = { n: 2, startedAt: START, provider: 'openai', responseModel: 'o9' };
    const declared = {
      ...{ n: 3, startedAt: START, requestModel: 'o9' },
      attributes: { 'underlabel.label': 'og/own' },
    };
    await sendSpans(service.url, mapped, unmapped, declared);
    expect((await get(`traces/${idOf(mapped)}`)).json).toMatchObject({
      label: 'acme/gpt',
      labelBy: 'rule',
      origin: { service: 'desk', provider: null, requestModel: 'gpt-4o', responseModel: null },
    });
    expect((await get(`traces/${idOf(unmapped)}`)).json).toMatchObject({
      label: null,
      labelBy: null,
      origin: { service: null, provider: 'openai', requestModel: null, responseModel: 'o9' },
      attribution: { certainty: 'unobserved', artifactId: null, candidates: [] },
    });
    expect((await get(`traces/${idOf(declared)}`)).json).toMatchObject({
      label: 'og/own',
      labelBy: 'declared',
    });
    const ids = async (query: string) =>
      (await get(`traces?${query}`)).json.items.map(({ id }: { id: string }) => id);
    expect(await ids('unmapped=true')).toEqual([idOf(unmapped)]);
    expect(await ids('unmapped=false')).toEqual([idOf(declared), idOf(mapped)]);
    expect(await ids('unmapped=true&label=*')).toEqual([]);
  });

  it('that was sent with its label has it as given, and no origin', async () => {
    const at = new Date(START - 1).toISOString();
    const sent = { id: 'native', label: 'og/sent', startedAt: at, endedAt: at };
    await service.ask('POST', '/api/v1/traces', { traces: [sent] });
    expect((await get('traces/native')).json).toMatchObject({
      label: 'og/sent',
      labelBy: 'given',
      origin: null,
    });
  });
});

describe('a list of some fields', () => {
  it('has these and no others, in the order of a whole trace', async () => {
    const { store, ask } = await appUnderTest();
    await store.ingest(
      [
        trace({ id: 'native', label: 'og/a', input: '{"a": 1.0}', decision: 'HOLD' }),
        span('span', { requestModel: 'gpt-4o' }, { startedAt: START - 1 }),
      ],
      START,
    );
    const list = async (fields: string) =>
      (await ask('GET', `/api/v1/traces?fields=${fields}`)).text;
    expect(await list('label,id')).toBe(
      '{"items":[{"id":"native","label":"og/a"},{"id":"span","label":null}],"nextCursor":null}',
    );
    expect(await list('input,decision')).toContain('[{"input":{"a": 1.0},"decision":"HOLD"},{');
    const deep = 'attribution.certainty,attribution.window.after,origin.requestModel';
    expect(JSON.parse(await list(`${deep},%20attribution.grounds.maxGapMs`)).items).toEqual([
      {
        origin: null,
        attribution: { certainty: 'unobserved', window: null, grounds: { maxGapMs: null } },
      },
      {
        origin: { requestModel: 'gpt-4o' },
        attribution: { certainty: 'unobserved', window: null, grounds: { maxGapMs: null } },
      },
    ]);
    expect(await list('attribution,attribution.certainty')).toContain('"candidates":[]');
  });

  it('of all fields is the list itself, and each part of it is as published', async () => {
    const { store, ask } = await appUnderTest();
    await store.ingest([span('a', { provider: 'x' }), trace({ id: 'b', label: 'og/a' })], START);
    const whole = await ask('GET', '/api/v1/traces');
    const named = await ask('GET', `/api/v1/traces?fields=${TRACE_FIELDS.join(',')}`);
    expect(named.text).toBe(whole.text);
    for (const field of TRACE_FIELDS) {
      const { json } = await ask('GET', `/api/v1/traces?fields=${field}`);
      for (const item of json.items)
        expect(tracePart.safeParse(item).error?.issues).toBeUndefined();
    }
  });

  it('reads texts from disk only where they are asked for', async () => {
    const asked: (boolean | undefined)[] = [];
    const { ask } = await appUnderTest({
      seen: (store) => ({
        ...store,
        traces(filter, page) {
          asked.push(page.texts);
          return store.traces(filter, page);
        },
      }),
    });
    const lists = ['', '?fields=id,attribution', '?fields=id,output', '?fields=inputSha256'];
    for (const list of lists) await ask('GET', `/api/v1/traces${list}`);
    expect(asked).toEqual([true, false, true, false]);
  });

  it.each([
    [
      'attribution.certanty',
      "no field 'attribution.certanty'; did you mean 'attribution.certainty'?",
    ],
    ['id,lable', "no field 'lable'; did you mean 'label'?"],
    ['attribution.grounds.before.requestedAt', 'did you mean'],
    ['input.text', 'no field'],
    ['__proto__', 'no field'],
    ['', 'names no field'],
    [',', 'names no field'],
  ])('is refused where a field is %j', async (fields, message) => {
    for (const path of ['traces', 'traces/export', 'traces/stream']) {
      const asked = await get(`${path}?fields=${fields}`);
      expectFields(asked, 'fields');
      expect(asked.json.detail).toContain(message);
    }
  });
});

describe('fields', () => {
  it('that name a whole and a part of it name the whole', () => {
    const tree = fieldsQuery.parse('origin.service,origin,attribution.grounds.before')!;
    expect(tree.get('origin')).toBeNull();
    expect(
      partOf({ grounds: { before: 1, after: 2 }, certainty: 'x' }, tree.get('attribution')!),
    ).toEqual({ grounds: { before: 1 } });
    expect([needsTexts(tree), needsTexts(undefined)]).toEqual([false, true]);
  });
});
