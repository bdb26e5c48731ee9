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
 * @returns null where the origin says nothing that a rule could go by, or a name is none that a glob can stand for
 */
export function suggestedRule(origin: Facts): LabelRule | null {
  const asked = origin.requestModel || null;
  const model = asked ?? origin.responseModel;
  // An empty name can't be told from any other by a glob.
  const fields = RULE_FIELDS.filter(
    (field) => origin[field] && (field !== 'responseModel' || asked === null),
  );
  if (fields.length === 0 || !fields.every((field) => isOwnGlob(origin[field]!))) return null;
  const globs = fields.map((field) => [field, origin[field]!]);
  const label = labelOf([origin.provider, model]) ?? labelOf([origin.service]) ?? 'unnamed';
  return { ...(Object.fromEntries(globs) as Partial<Facts>), label } as LabelRule;
}

/** As a glob it matches itself and nothing else. */
function isOwnGlob(name: string): boolean {
  return name.length <= LONGEST_GLOB && !/[*?]/.test(name);
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
