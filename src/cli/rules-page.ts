/** Which label a span would get, in words: what was seen in it, and every step with its reason. */
import type { Inference } from '../ingest/spans/inference.ts';
import type { AttributeProblem } from '../ingest/spans/label-facts.ts';
import type { ExplainedMapping, MappingStep } from '../ingest/spans/mapping-steps.ts';
import type { Mapping } from '../ingest/spans/rules.ts';
import type { LabelFacts } from '../store/mapping.ts';
import { shown } from './plain.ts';
import { paint } from './screen.ts';
import { details, table } from './table.ts';

export interface TestedSpan extends ExplainedMapping {
  name: string;
  inference: Inference;
  facts: LabelFacts;
  problems: AttributeProblem[];
  stamped: string[];
}

export function testedSpanLines(tested: TestedSpan): string[] {
  const { name, mapping, steps } = tested;
  return [
    `${paint('bold', shown(name) || '(no name)')}  ${mappingText(mapping)}`,
    ...indented(details(seen(tested))),
    '',
    ...indented(table(['step', '', 'because'], steps.map(stepRow))),
  ];
}

/** The label, whether one follows for certain, in words. */
function mappingText(mapping: Mapping): string {
  switch (mapping.by) {
    case 'declared':
      return `${label(mapping.label)}, as it says itself`;
    case 'blob': {
      const { otherwise } = mapping;
      const or = otherwise.label === null ? 'else no label' : `else ${mappingText(otherwise)}`;
      return `the label that holds the blob it names, ${or}`;
    }
    case 'rule':
      return `${label(mapping.label)}, by rule ${mapping.rule + 1}`;
    case 'model':
      return `${label(mapping.label)}, as its model is named`;
    case 'nothing':
      return paint('yellow', 'no label: it would be kept as unmapped');
  }
}

const label = (name: string) => paint('green', shown(name));

function seen({ inference, facts, problems, stamped }: TestedSpan): [string, string][] {
  const { operation, tokens, input, output } = inference;
  const text = (value: string | null) => (value === null ? 'not said' : shown(value).slice(0, 200));
  return [
    ['service', text(facts.service)],
    ['operation', text(operation)],
    ['provider', text(facts.provider)],
    ['asked for', text(facts.requestModel)],
    ['answered', text(facts.responseModel)],
    ['tokens', `${tokens.input ?? 'not said'} in, ${tokens.output ?? 'not said'} out`],
    ['input', input ? `from ${input.carrier}` : 'not told'],
    ['output', output ? `from ${output.carrier}` : 'not told'],
    ...stamped.map((attribute): [string, string] => [
      'stamped',
      `${attribute}: written by Underlabel's client from readings, so it declares nothing`,
    ]),
    ...problems.map(({ attribute, message }): [string, string] => [
      'problem',
      shown(`${attribute}: ${message}`).slice(0, 300),
    ]),
  ];
}

function stepRow({ step, outcome, because }: MappingStep) {
  const style = outcome === 'decides' ? 'green' : 'dim';
  return [step, { text: outcome, style } as const, shown(because).slice(0, 300)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
