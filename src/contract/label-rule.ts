/** Rules that say which label the traces of a model belong to, for spans that don't say it themselves. */
import { z } from 'zod';
import { labelName } from './names.ts';

export const RULE_FIELDS = ['service', 'provider', 'requestModel', 'responseModel'] as const;
export type RuleField = (typeof RULE_FIELDS)[number];

const PLACEHOLDER = /\{(service|provider|requestModel|responseModel)\}/g;
const MAX_RULES = 1000;

const glob = z
  .string()
  .min(1, 'a glob is 1–200 characters')
  .max(200, 'a glob is 1–200 characters')
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate')
  .meta({ description: 'The whole name must match: `*` is any text, `?` one character but `/`' });

/** A label's name, in which `{requestModel}` and the like stand for what the span says. */
const labelTemplate = z
  .string()
  .superRefine((text, context) => {
    const filled = text.replace(PLACEHOLDER, 'x');
    if (labelName.safeParse(filled).success) return;
    const brace = /[{}]/.test(filled) ? `; in braces: ${RULE_FIELDS.join(', ')}` : '';
    const message = `expected a label's name, 1–200 of A-Z a-z 0-9 . _ - / @ :, beginning with a letter or digit${brace}`;
    context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'May hold {service}, {provider}, {requestModel}, {responseModel}' });

export const labelRule = z
  .strictObject({
    service: glob.optional(),
    provider: glob.optional(),
    requestModel: glob.optional(),
    responseModel: glob.optional(),
    label: labelTemplate,
  })
  .refine((rule) => RULE_FIELDS.some((field) => rule[field] !== undefined), {
    message: `a rule needs one of ${RULE_FIELDS.join(', ')}; {"requestModel": "*"} matches every model`,
  })
  .meta({ id: 'LabelRule' });

export type LabelRule = z.output<typeof labelRule>;

/** In order: the first that holds decides. */
export const labelRules = z
  .array(labelRule)
  .max(MAX_RULES, `there may be ${MAX_RULES} rules`)
  .meta({ id: 'LabelRules' });

/** @param fill what each placeholder stands for; null where nothing */
export function filledLabel(
  template: string,
  fill: (field: RuleField) => string | null,
): { label: string } | { problem: string } {
  const missing: string[] = [];
  const text = template.replace(PLACEHOLDER, (_, field: RuleField) => {
    const value = fill(field);
    if (value === null) missing.push(field);
    return value ?? '';
  });
  if (missing.length > 0) return { problem: `the span has no ${missing.join(' and no ')}` };
  if (labelName.safeParse(text).success) return { label: text };
  return { problem: `${JSON.stringify(text.slice(0, 200))} is no label's name` };
}
