/**
 * Which label a trace belongs to. In this order: the label that the span names; the one that holds the
 * blob it names; the first rule that holds; a label of the model's own name. Pure: what is stored of a
 * trace (`LabelFacts`) maps it anew when rules or labels change.
 */
import { globToRegExp } from '../../contract/glob.ts';
import {
  filledLabel,
  type LabelRule,
  RULE_FIELDS,
  type RuleField,
} from '../../contract/label-rule.ts';
import type { LabelFacts, Mapper } from '../../store/mapping.ts';

export type Mapping =
  | { by: 'declared'; label: string }
  /** By the blob: whichever label holds it. `otherwise` counts where none does, or more than one. */
  | { by: 'blob'; blobId: string; otherwise: Exclude<Mapping, { by: 'blob' }> }
  /** @property rule its place, from 0 */
  | { by: 'rule'; label: string; rule: number }
  | { by: 'model'; label: string; model: 'requestModel' | 'responseModel' }
  /** By nothing: kept, and counted under its models, so that a person can add the rule. */
  | { by: 'nothing'; label: null };

export interface LabelRules {
  readonly rules: readonly LabelRule[];
  /** What hinders this rule; a label where nothing does. */
  judge(rule: number, facts: LabelFacts): Judgement;
}

export type Judgement =
  | { holds: true; label: string }
  | { holds: false; because: { field: RuleField; glob: string; value: string | null } }
  /** All globs match, but no label comes of it. */
  | { holds: false; because: { problem: string } };

/** @param rules checked by `labelRules` */
export function compileRules(rules: readonly LabelRule[]): LabelRules {
  const compiled = rules.map((rule) =>
    RULE_FIELDS.flatMap((field) => {
      const glob = rule[field];
      return glob === undefined ? [] : [{ field, glob, pattern: nameGlob(glob) }];
    }),
  );
  return {
    rules,
    judge(rule, facts) {
      for (const { field, glob, pattern } of compiled[rule]!) {
        const value = facts[field];
        if (value === null || !pattern.test(value)) {
          return { holds: false, because: { field, glob, value } };
        }
      }
      const filled = filledLabel(rules[rule]!.label, (field) => facts[field]);
      return 'label' in filled
        ? { holds: true, label: filled.label }
        : { holds: false, because: filled };
    },
  };
}

/** @param isLabel whether a label of that name exists, for the last step */
export function labelOf(
  facts: LabelFacts,
  rules: LabelRules,
  isLabel: (name: string) => boolean,
): Mapping {
  const { declaredLabel, blobId } = facts;
  if (declaredLabel !== null) return { by: 'declared', label: declaredLabel };
  const otherwise = byRules(facts, rules) ?? byModel(facts, isLabel) ?? NOTHING;
  return blobId === null ? otherwise : { by: 'blob', blobId, otherwise };
}

/**
 * The rules of the day for the store, which takes the step of the blob itself.
 *
 * @param rules checked by `labelRules`
 */
export function createMapper(rules: readonly LabelRule[]): Mapper {
  const compiled = compileRules(rules);
  return (origin, isLabel) => {
    const mapping = labelOf({ ...origin, blobId: null }, compiled, isLabel);
    if (mapping.by === 'nothing' || mapping.by === 'blob') return null;
    return { label: mapping.label, by: mapping.by };
  };
}

const NOTHING = { by: 'nothing', label: null } as const;

function byRules(facts: LabelFacts, rules: LabelRules) {
  for (let rule = 0; rule < rules.rules.length; rule++) {
    const judgement = rules.judge(rule, facts);
    if (judgement.holds) return { by: 'rule', label: judgement.label, rule } as const;
  }
  return null;
}

/** What was asked for comes first: a label is a name that people ask by. */
function byModel(facts: LabelFacts, isLabel: (name: string) => boolean) {
  for (const model of ['requestModel', 'responseModel'] as const) {
    const name = facts[model];
    if (name !== null && isLabel(name)) return { by: 'model', label: name, model } as const;
  }
  return null;
}

/** In names, `/` is a character like others: `*` takes it too, as in filters by label. */
function nameGlob(glob: string): RegExp {
  return globToRegExp(glob.replace(/\*+/g, '**'));
}
