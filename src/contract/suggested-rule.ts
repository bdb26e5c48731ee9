/** The rule that would map the traces of an origin, for a person to look over and paste. Pure. */
import { type LabelRule, RULE_FIELDS, type RuleField } from './label-rule.ts';
import { labelName } from './names.ts';

const LONGEST_GLOB = 200;
const LONGEST_LABEL = 200;

type Facts = Record<RuleField, string | null>;

/**
 * As specific as the origin lets it be, so that no others get a label by mistake: all that it says
 * but the answering model, which is there only where nobody was asked for one. (What answers to one
 * name may change: that is what labels are for.)
 * @returns null where the origin says nothing that a rule could go by, or a name holds `*` or `?`
 */
export function suggestedRule(origin: Facts): LabelRule | null {
  const model = origin.requestModel ?? origin.responseModel;
  const fields = RULE_FIELDS.filter(
    (field) =>
      origin[field] !== null && (field !== 'responseModel' || origin.requestModel === null),
  );
  if (fields.length === 0) return null;
  // As a glob it would match more than itself.
  if (fields.some((field) => /[*?]/.test(origin[field]!))) return null;
  const globs = fields.map((field) => [field, globOf(origin[field]!)]);
  const label = labelOf([origin.provider, model]) ?? labelOf([origin.service]) ?? 'unnamed';
  return { ...(Object.fromEntries(globs) as Partial<Facts>), label } as LabelRule;
}

function globOf(name: string): string {
  if (name === '') return '*';
  if (name.length <= LONGEST_GLOB) return name;
  // Cut between characters, not inside of one.
  return `${name.slice(0, LONGEST_GLOB - 1).replace(/[\ud800-\udbff]$/, '')}*`;
}

/** `openai/gpt-4o`; null where nothing of the names may stand in a label. */
function labelOf(names: readonly (string | null)[]): string | null {
  const parts = names.map((name) => clean(name ?? '')).filter((part) => part !== '');
  const label = parts.join('/').slice(0, LONGEST_LABEL);
  return labelName.safeParse(label).success ? label : null;
}

function clean(name: string): string {
  return name.replace(/[^A-Za-z0-9._\-/@:]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
}
