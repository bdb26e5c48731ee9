/** What stands around the span of a trace. */
import { expect, it } from 'vitest';
import { contextSpan } from '../../src/contract/context-span.ts';
import { START } from '../store/opened.ts';
import { idOf, sendSpans, spanIdOf } from './otlp-spans.ts';
import { expectProblem } from './problems.ts';
import { sharedService } from './service-under-test.ts';

const service = sharedService();
const contextOf = (id: string) => service.ask('GET', `/api/v1/traces/${id}/context`);

it('are the spans of the same OTLP trace that are no inferences, by start', async () => {
  const inference = { n: 2, parent: 1, startedAt: START + 5, requestModel: 'gpt-4o' };
  await sendSpans(
    service.url,
    inference,
    { n: 3, parent: 2, startedAt: START + 6, name: 'retry', status: 2, service: 'desk' },
    { n: 1, startedAt: START, endedAt: START + 100, name: 'POST /chat', status: 1 },
    { n: 4, trace: 9, startedAt: START, name: 'elsewhere' },
  );
  const { json, status } = await contextOf(idOf(inference));
  expect([status, json.nextCursor]).toEqual([200, null]);
  for (const item of json.items) contextSpan.parse(item);
  expect(json.items).toMatchObject([
    { spanId: spanIdOf(1), parentSpanId: null, name: 'POST /chat', service: null, status: 'ok' },
    {
      spanId: spanIdOf(3),
      parentSpanId: spanIdOf(2),
      service: 'desk',
      status: 'error',
      kind: 'client',
    },
  ]);
});

it('is nothing for a trace that was no span, whatever its id, and 404 for none', async () => {
  const at = new Date(START).toISOString();
  const id = `${'a'.repeat(32)}-${'b'.repeat(16)}`;
  const native = { id, label: 'og/a', startedAt: at, endedAt: at };
  await service.ask('POST', '/api/v1/traces', { traces: [native] });
  expect((await contextOf(id)).json).toEqual({ items: [], nextCursor: null });
  expectProblem(await contextOf('none'), 404, 'not-found');
});
