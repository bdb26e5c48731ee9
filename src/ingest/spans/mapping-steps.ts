/** Why a trace belongs to its label, step by step, for a person who writes rules. */
import type { LabelFacts } from '../../store/mapping.ts';
import { BLOB_ID, LABEL } from './label-facts.ts';
import { type Judgement, type LabelRules, labelOf, type Mapping } from './rules.ts';

export interface MappingStep {
  /** `underlabel.label`, `rule 2` (counted from 1), `the requested model`. */
  step: string;
  outcome: 'decides' | 'would decide' | 'no';
  because: string;
}

export interface ExplainedMapping {
  mapping: Mapping;
  /** All of them, also those after the one that decides. */
  steps: MappingStep[];
}

/** @param isLabel whether a label of that name exists */
export function explainedMapping(
  facts: LabelFacts,
  rules: LabelRules,
  isLabel: (name: string) => boolean,
): ExplainedMapping {
  const found: Found[] = [
    declared(facts),
    blob(facts),
    ...rules.rules.map((_, rule) => ruleStep(rule, rules.judge(rule, facts))),
    model('the requested model', facts.requestModel, isLabel),
    model('the answering model', facts.responseModel, isLabel),
  ];
  let decided = false;
  const steps = found.map(({ step, holds, because }): MappingStep => {
    if (!holds) return { step, outcome: 'no', because };
    const outcome = decided ? 'would decide' : 'decides';
    decided = true;
    return { step, outcome, because };
  });
  return { mapping: labelOf(facts, rules, isLabel), steps };
}

interface Found {
  step: string;
  holds: boolean;
  because: string;
}

function declared({ declaredLabel }: LabelFacts): Found {
  const holds = declaredLabel !== null;
  return {
    step: LABEL,
    holds,
    because: holds ? declaredLabel : 'neither the span nor its resource names a label',
  };
}

function blob({ blobId }: LabelFacts): Found {
  const holds = blobId !== null;
  return {
    step: BLOB_ID,
    holds,
    because: holds
      ? `the label that holds ${blobId}; where none or several do, the next step that holds`
      : 'neither the span nor its resource names a blob',
  };
}

function ruleStep(rule: number, judgement: Judgement): Found {
  const step = `rule ${rule + 1}`;
  if (judgement.holds) return { step, holds: true, because: judgement.label };
  const { because } = judgement;
  if ('problem' in because) return { step, holds: false, because: because.problem };
  const { field, glob, value } = because;
  const why =
    value === null
      ? `the span has no ${field}, and the rule wants "${glob}"`
      : `${field} "${value}" does not match "${glob}"`;
  return { step, holds: false, because: why };
}

function model(step: string, name: string | null, isLabel: (name: string) => boolean): Found {
  if (name === null) return { step, holds: false, because: 'the span names none' };
  if (isLabel(name)) return { step, holds: true, because: name };
  return { step, holds: false, because: `no label that is known here is named "${name}"` };
}
