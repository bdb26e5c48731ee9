/** Unmapped traces, by where they come from, each with the rule that would map it. */
import { expect, it } from 'vitest';
import { labelRules } from '../../src/contract/label-rule.ts';
import { unmappedList } from '../../src/contract/unmapped.ts';
import { START } from '../store/opened.ts';
import { eventually } from './eventually.ts';
import { sendSpans } from './otlp-spans.ts';
import { expectFields } from './problems.ts';
import { serviceUnderTest } from './service-under-test.ts';

const spans = [
  { n: 1, startedAt: START, service: 'desk', provider: 'openai', requestModel: 'gpt-4o' },
  { n: 2, startedAt: START + 7, service: 'desk', provider: 'openai', requestModel: 'gpt-4o' },
  { n: 3, startedAt: START + 3, responseModel: 'llama 3' },
];

it('are listed, the most traces first, and the suggested rules map them at the next start', async () => {
  const service = await serviceUnderTest();
  expect((await service.ask('GET', '/api/v1/unmapped')).json).toEqual({
    items: [],
    more: false,
    nextCursor: null,
  });
  await sendSpans(service.url, ...spans);
  const { json } = await service.ask('GET', '/api/v1/unmapped');
  unmappedList.parse(json);
  expect(json.items).toMatchObject([
    {
      origin: { service: 'desk', provider: 'openai', requestModel: 'gpt-4o', responseModel: null },
      traces: 2,
      lastStartedAt: new Date(START + 7).toISOString(),
      rule: { service: 'desk', provider: 'openai', requestModel: 'gpt-4o', label: 'openai/gpt-4o' },
    },
    { traces: 1, rule: { responseModel: 'llama 3', label: 'llama-3' } },
  ]);
  const first = await service.ask('GET', '/api/v1/unmapped?limit=1');
  expect([first.json.items.length, first.json.more]).toEqual([1, true]);
  expectFields(await service.ask('GET', '/api/v1/unmapped?limit=0'), 'limit');

  await service.close();
  const rules = labelRules.parse(json.items.map(({ rule }: { rule: unknown }) => rule));
  const again = await serviceUnderTest({ dataFolder: service.folder, rules });
  // What is stored moves in steps.
  await eventually(
    async () => (await again.ask('GET', '/api/v1/unmapped')).json.items.length,
    (origins) => origins === 0,
  );
  const labels = (await again.ask('GET', '/api/v1/traces?fields=label')).json.items;
  expect(labels.map(({ label }: { label: string }) => label)).toEqual([
    'openai/gpt-4o',
    'llama-3',
    'openai/gpt-4o',
  ]);
});
