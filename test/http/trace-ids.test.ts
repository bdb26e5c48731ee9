/** Whole ids of traces, by the ends of them. */
import { expect, it } from 'vitest';
import { foundTraceIds } from '../../src/contract/trace-ids.ts';
import { START } from '../store/opened.ts';
import { idOf, sendSpans, traceIdOf } from './otlp-spans.ts';
import { expectFields } from './problems.ts';
import { sharedService } from './service-under-test.ts';

const service = sharedService();
const get = (query: string) => service.ask('GET', `/api/v1/trace-ids?${query}`);

it('are found by the OTLP trace id, and by their end beside it', async () => {
  const spans = [1, 2].map((n) => ({ n, trace: 7, startedAt: START + n, requestModel: 'gpt-4o' }));
  await sendSpans(service.url, ...spans);
  const { json } = await get(`prefix=${traceIdOf(7)}`);
  foundTraceIds.parse(json);
  expect(json).toEqual({
    items: [2, 1].map((n) => ({
      id: idOf({ n, trace: 7 }),
      label: null,
      startedAt: new Date(START + n).toISOString(),
    })),
    more: false,
    looked: 2,
    complete: true,
    lookedFrom: new Date(START + 1).toISOString(),
    nextCursor: null,
  });
  const one = await get('prefix=0000&suffix=0001');
  expect(one.json.items.map(({ id }: { id: string }) => id)).toEqual([idOf({ n: 1, trace: 7 })]);
  expect((await get('suffix=000001&limit=1')).json.items).toHaveLength(1);
  const before = await get(`prefix=000000&to=${new Date(START + 2).toISOString()}`);
  expect(before.json.items).toHaveLength(1);
});

it('need six characters to be looked for, and no more than an id has', async () => {
  expectFields(await get('prefix=00000'), 'prefix');
  expectFields(await get(''), 'prefix');
  expectFields(await get(`suffix=${'0'.repeat(201)}`), 'suffix');
  expectFields(await get('prefix=000000&limit=0'), 'limit');
  expectFields(await get('prefix=000000&from=monday'), 'from');
});
