/** Unmapped traces, by where they come from, each with the rule that would map it; and labels that nobody registered. */
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
    unregistered: [],
    moreUnregistered: false,
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
  // No rule makes a label: they still have to be registered.
  const { unregistered } = (await again.ask('GET', '/api/v1/unmapped')).json;
  expect(unregistered.map(({ label }: { label: string }) => label)).toEqual([
    'openai/gpt-4o',
    'llama-3',
  ]);
});

it('name the labels that rules, spans and senders name and nobody registered, and what to do', async () => {
  const rules = labelRules.parse([{ requestModel: 'gpt*', label: 'openai/{requestModel}' }]);
  const service = await serviceUnderTest({ rules });
  const label = { 'underlabel.label': 'desk/risk' };
  await sendSpans(
    service.url,
    { n: 1, startedAt: START, requestModel: 'gpt-4o' },
    { n: 2, startedAt: START + 7, service: 'desk', requestModel: 'gpt-4o' },
    { n: 3, startedAt: START, requestModel: 'gpt-4o', attributes: label },
  );
  const { json } = await service.ask('GET', '/api/v1/unmapped');
  unmappedList.parse(json);
  expect([json.items, json.moreUnregistered]).toEqual([[], false]);
  expect(json.unregistered).toMatchObject([
    {
      label: 'openai/gpt-4o',
      traces: 2,
      moreTraces: false,
      firstStartedAt: new Date(START).toISOString(),
      lastStartedAt: new Date(START + 7).toISOString(),
      labelBy: 'rule',
      origin: { service: 'desk', provider: null, requestModel: 'gpt-4o', responseModel: null },
    },
    { label: 'desk/risk', traces: 1, labelBy: 'declared' },
  ]);
  const [rule, span] = json.unregistered.map(({ advice }: { advice: string }) => advice);
  expect(rule).toContain('underlabel label add openai/gpt-4o --source KIND');
  expect(rule).toContain('put it right in the rule');
  expect(span).toContain('PUT /api/v1/labels/desk%2Frisk');
  expect(span).toContain('underlabel.label');
  const first = (await service.ask('GET', '/api/v1/unmapped?limit=1')).json;
  expect([first.unregistered.length, first.moreUnregistered]).toEqual([1, true]);

  await service.ask('PUT', '/api/v1/labels/openai%2Fgpt-4o', { source: { kind: 'push' } });
  const left = (await service.ask('GET', '/api/v1/unmapped')).json.unregistered;
  expect(left).toMatchObject([{ label: 'desk/risk' }]);
});
