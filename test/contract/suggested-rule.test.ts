/** The rule that is suggested for an origin is a rule, and maps it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelRules, RULE_FIELDS } from '../../src/contract/label-rule.ts';
import { suggestedRule } from '../../src/contract/suggested-rule.ts';
import { compileRules } from '../../src/ingest/spans/rules.ts';

const NOTHING = { service: null, provider: null, requestModel: null, responseModel: null };

describe('a suggested rule', () => {
  it.each([
    [{ requestModel: 'gpt-4o' }, { requestModel: 'gpt-4o', label: 'gpt-4o' }],
    [
      { service: 'desk', provider: 'openai', requestModel: 'gpt-4o', responseModel: 'gpt-4o-2024' },
      { service: 'desk', provider: 'openai', requestModel: 'gpt-4o', label: 'openai/gpt-4o' },
    ],
    [{ responseModel: 'llama 3' }, { responseModel: 'llama 3', label: 'llama-3' }],
    [{ service: 'desk' }, { service: 'desk', label: 'desk' }],
    [{ provider: '模型' }, { provider: '模型', label: 'unnamed' }],
    [{ requestModel: '/models/x' }, { requestModel: '/models/x', label: 'models/x' }],
  ])('of %j goes by what it says', (origin, rule) => {
    expect(suggestedRule({ ...NOTHING, ...origin })).toEqual(rule);
  });

  it('is none where nothing is said', () => {
    expect(suggestedRule(NOTHING)).toBeNull();
  });

  it.each(['gpt-*', 'gpt-?', 'x'.repeat(201)])('is none where it would map others: %j', (name) => {
    expect(suggestedRule({ ...NOTHING, requestModel: name })).toBeNull();
    expect(suggestedRule({ ...NOTHING, requestModel: 'gpt-4o', service: name })).toBeNull();
  });

  it('leaves out a name that is empty', () => {
    const origin = { ...NOTHING, service: '', requestModel: 'm' };
    expect(suggestedRule(origin)).toEqual({ requestModel: 'm', label: 'm' });
    expect(suggestedRule({ ...NOTHING, requestModel: '' })).toBeNull();
  });

  it('is always accepted, and maps its origin to its label, and no other', () => {
    const name = fc.option(fc.string({ unit: 'grapheme', maxLength: 500 }), { nil: null });
    const odd = fc.constantFrom('*', '?', 'a*b?', 'x'.repeat(500), `${'x'.repeat(198)}😀y`, '');
    const origins = fc.record({
      service: fc.oneof(name, odd),
      provider: name,
      requestModel: fc.oneof(name, odd),
      responseModel: name,
    });
    fc.assert(
      fc.property(origins, (origin) => {
        const rule = suggestedRule(origin);
        if (rule === null) {
          const said = Object.values(origin).filter((value) => value);
          return (
            said.length === 0 || said.some((value) => value!.length > 200 || /[*?]/.test(value!))
          );
        }
        const rules = compileRules(labelRules.parse(JSON.parse(JSON.stringify([rule]))));
        const judged = rules.judge(0, { ...origin, declaredLabel: null, blobId: null });
        expect(judged).toEqual({ holds: true, label: rule.label });
        const facts = { ...origin, declaredLabel: null, blobId: null };
        for (const field of RULE_FIELDS) {
          if (!(field in rule)) continue;
          const other = { ...facts, [field]: `${origin[field]}x` };
          expect(rules.judge(0, other).holds).toBe(false);
        }
        return true;
      }),
    );
  });
});
