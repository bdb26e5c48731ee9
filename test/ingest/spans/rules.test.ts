import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelRule, labelRules } from '../../../src/contract/label-rule.ts';
import { fieldErrors } from '../../../src/contract/path.ts';
import { explainedMapping } from '../../../src/ingest/spans/mapping-steps.ts';
import { compileRules, createMapper, labelOf } from '../../../src/ingest/spans/rules.ts';
import type { LabelFacts } from '../../../src/store/mapping.ts';
import { attributesOf, spanWith, traceIn } from './span.ts';

const BLOB = 'jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8';
const facts = (given: Partial<LabelFacts> = {}): LabelFacts => ({
  ...{ service: 'desk', provider: 'openai', requestModel: 'gpt-4o', responseModel: 'gpt-4o-2024' },
  ...{ declaredLabel: null, blobId: null },
  ...given,
});
const none = () => false;
const map = (
  rules: LabelRule[],
  given?: Partial<LabelFacts>,
  isLabel = none as (n: string) => boolean,
) => labelOf(facts(given), compileRules(rules), isLabel);

describe('a label', () => {
  it('is the one the span names, whatever the rules say', () => {
    const rules = [{ requestModel: '*', label: 'a' }];
    expect(map(rules, { declaredLabel: 'mine', blobId: BLOB })).toEqual({
      by: 'declared',
      label: 'mine',
    });
  });

  it('is the one that holds the blob it names, and else what the rest says', () => {
    expect(map([{ requestModel: '*', label: 'a' }], { blobId: BLOB })).toEqual({
      by: 'blob',
      blobId: BLOB,
      otherwise: { by: 'rule', label: 'a', rule: 0 },
    });
    expect(map([], { blobId: BLOB })).toMatchObject({ otherwise: { by: 'nothing', label: null } });
  });

  it('is that of the first rule that holds', () => {
    const rules = [
      { provider: 'anthropic', label: 'a' },
      { provider: 'open*', requestModel: 'gpt-?o', label: 'b' },
      { requestModel: '*', label: 'c' },
    ];
    expect(map(rules)).toEqual({ by: 'rule', label: 'b', rule: 1 });
    expect(map(rules, { provider: null })).toEqual({ by: 'rule', label: 'c', rule: 2 });
    expect(map(rules, { provider: null, requestModel: null })).toMatchObject({ by: 'nothing' });
  });

  it('is one of its model’s own name, that which was asked for first', () => {
    const labels = new Set(['gpt-4o', 'gpt-4o-2024']);
    expect(map([], {}, (name) => labels.has(name))).toEqual({
      by: 'model',
      label: 'gpt-4o',
      model: 'requestModel',
    });
    labels.delete('gpt-4o');
    expect(map([], {}, (name) => labels.has(name))).toEqual({
      by: 'model',
      label: 'gpt-4o-2024',
      model: 'responseModel',
    });
    expect(map([])).toEqual({ by: 'nothing', label: null });
  });

  it('may be made of what the span says, where that makes a label', () => {
    const rules = [
      { requestModel: '*', label: '{provider}/{requestModel}' },
      { requestModel: '*', label: 'rest' },
    ];
    expect(map(rules)).toMatchObject({ label: 'openai/gpt-4o', rule: 0 });
    expect(map(rules, { provider: null })).toMatchObject({ label: 'rest', rule: 1 });
    expect(map(rules, { requestModel: 'a model' })).toMatchObject({ label: 'rest', rule: 1 });
    expect(map(rules, { requestModel: 'x'.repeat(300) })).toMatchObject({ label: 'rest', rule: 1 });
    // What is filled in is not looked at for placeholders again.
    expect(map(rules, { requestModel: '{service}' })).toMatchObject({ label: 'rest' });
  });

  it('is declared on the resource where the span is silent, and not where the span is wrong', () => {
    const chat = { 'gen_ai.operation.name': 'chat' };
    const resource = attributesOf({ 'underlabel.label': 'of-all', 'underlabel.blob_id': BLOB });
    expect(traceIn(spanWith(chat, { resource })).facts).toMatchObject({
      declaredLabel: 'of-all',
      blobId: BLOB,
    });
    const own = { ...chat, 'underlabel.label': 'mine' };
    expect(traceIn(spanWith(own, { resource })).facts.declaredLabel).toBe('mine');
    const wrong = traceIn(spanWith({ ...chat, 'underlabel.label': 7 }, { resource }));
    expect(wrong.facts.declaredLabel).toBeNull();
    expect(wrong.problems).toEqual([{ attribute: 'underlabel.label', message: 'is no text' }]);
  });
});

describe('globs of models', () => {
  const holds = (glob: string, model: string) =>
    map([{ requestModel: glob, label: 'a' }], { requestModel: model }).by === 'rule';

  it('take any text for *, slashes too, and one character for ?', () => {
    expect(holds('*gpt*', 'openrouter/openai/gpt-4o')).toBe(true);
    expect(holds('openai/*', 'openai/ft:gpt/x')).toBe(true);
    expect(holds('gpt-?', 'gpt-4')).toBe(true);
    expect(holds('gpt-?', 'gpt-4o')).toBe(false);
    expect(holds('gpt', 'gpt-4')).toBe(false);
    expect(holds('GPT-4', 'gpt-4')).toBe(false);
    expect(holds('gpt.4', 'gpt-4')).toBe(false);
    expect(holds('[ab]', 'a')).toBe(false);
  });

  it('take no longer for being hostile', () => {
    const began = performance.now();
    expect(holds(`${'*a'.repeat(99)}b`, 'a'.repeat(500))).toBe(false);
    expect(holds(`${'*a?'.repeat(60)}b`, 'a'.repeat(500))).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('what is told of a mapping', () => {
  it('names every step with its reason, those after the deciding one too', () => {
    const rules = compileRules([
      { service: 'shop', label: 'a' },
      { responseModel: 'gpt*', requestModel: 'gpt*', label: 'b/{responseModel}' },
      { requestModel: 'gpt*', label: 'c' },
    ]);
    const { mapping, steps } = explainedMapping(
      facts({ responseModel: null }),
      rules,
      (name) => name === 'gpt-4o',
    );
    expect(mapping).toEqual({ by: 'rule', label: 'c', rule: 2 });
    expect(steps.map(({ step, outcome, because }) => `${step}: ${outcome}: ${because}`)).toEqual([
      'underlabel.label: no: neither the span nor its resource names a label',
      'underlabel.blob_id: no: neither the span nor its resource names a blob',
      'rule 1: no: service "desk" does not match "shop"',
      'rule 2: no: the span has no responseModel, and the rule wants "gpt*"',
      'rule 3: decides: c',
      'the requested model: would decide: gpt-4o',
      'the answering model: no: the span names none',
    ]);
  });

  it('never differs from the mapping itself', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'a/b', 'a b');
    const maybe = fc.option(word);
    const some = fc.record({
      service: maybe,
      provider: maybe,
      requestModel: maybe,
      responseModel: maybe,
    });
    const glob = fc.option(fc.constantFrom('*', 'a*', '?', 'b'), { nil: undefined });
    const rule = fc.record({
      requestModel: fc.constantFrom('*', 'a*', '?', 'b'),
      service: glob,
      label: fc.constantFrom('x', 'y/{service}', '{requestModel}'),
    });
    fc.assert(
      fc.property(some, fc.array(rule, { maxLength: 4 }), fc.boolean(), (given, list, isLabel) => {
        const { mapping, steps } = explainedMapping(
          facts(given),
          compileRules(list as LabelRule[]),
          () => isLabel,
        );
        const decides = steps.filter(({ outcome }) => outcome === 'decides');
        expect(decides.map(({ because }) => because)).toEqual(
          mapping.by === 'nothing' ? [] : [(mapping as { label: string }).label],
        );
      }),
    );
  });
});

describe('rules that can’t be used', () => {
  it.each<[unknown, string[]]>([
    [
      [{ label: 'a' }],
      [
        '[0]: a rule needs one of service, provider, requestModel, responseModel; {"requestModel": "*"} matches every model',
      ],
    ],
    [
      [{ model: 'x', label: 'a' }],
      [
        '[0].model: unknown field; correct its name or leave it out',
        expect.stringContaining('a rule needs one of') as unknown as string,
      ],
    ],
    [[{ requestModel: '', label: 'a' }], ['[0].requestModel: a glob is 1–200 characters']],
    [
      [{ requestModel: '*', label: 'a b' }],
      [expect.stringContaining("[0].label: expected a label's name") as unknown as string],
    ],
    [
      [{ requestModel: '*', label: 'a/{model}' }],
      [expect.stringContaining('in braces: service, provider') as unknown as string],
    ],
    [Array(1001).fill({ requestModel: '*', label: 'a' }), [': there may be 1000 rules']],
  ])('say which, and what would be accepted: %#', (rules, problems) => {
    const parsed = labelRules.safeParse(rules);
    expect(fieldErrors(parsed.error!).map(({ path, message }) => `${path}: ${message}`)).toEqual(
      problems,
    );
  });
});

describe('the mapper of the store', () => {
  const origin = {
    service: 'checkout',
    provider: 'openai',
    requestModel: 'gpt-4o',
    responseModel: null,
    declaredLabel: null,
  };
  const mapper = createMapper([
    { service: 'checkout', requestModel: 'gpt-4*', label: 'c/{requestModel}' },
  ]);
  const isLabel = (name: string) => name === 'claude' || name === 'gpt-4o';

  it('says the label and the step that decided, the blob aside', () => {
    expect(mapper(origin, isLabel)).toEqual({ label: 'c/gpt-4o', by: 'rule' });
    expect(mapper({ ...origin, declaredLabel: 'mine' }, isLabel)).toEqual({
      label: 'mine',
      by: 'declared',
    });
    expect(mapper({ ...origin, service: null }, isLabel)).toEqual({ label: 'gpt-4o', by: 'model' });
    const answered = { ...origin, requestModel: 'x', responseModel: 'claude' };
    expect(mapper(answered, isLabel)).toEqual({ label: 'claude', by: 'model' });
    expect(mapper({ ...origin, requestModel: 'x' }, isLabel)).toBeNull();
  });

  it('without rules has the labels that are named, and those of the models', () => {
    expect(createMapper([])(origin, isLabel)).toEqual({ label: 'gpt-4o', by: 'model' });
    expect(createMapper([])(origin, () => false)).toBeNull();
  });
});
