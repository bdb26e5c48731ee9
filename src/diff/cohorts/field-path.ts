/** Paths of single values in JSON: `$`, `$.score`, `$.legs[0].price`, `$['a key']`. */

export type Step = string | number;

export class FieldPathError extends Error {
  override readonly name = 'FieldPathError';
  readonly code = 'not-a-path';
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,9})\]|\['((?:[^'\\]|\\['\\])*)'\]/uy;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** @throws FieldPathError where the text is no such path */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let at = path.startsWith('$') ? 1 : -1;
  while (at >= 0 && at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) at = -1;
    else {
      const [, name, place, quoted] = match;
      steps.push(place === undefined ? (name ?? quoted!.replace(/\\(.)/gu, '$1')) : Number(place));
      at = STEP.lastIndex;
    }
  }
  if (at < 0) {
    throw new FieldPathError(
      `'${path}' is no path to a field, so nothing can be read there; write one like $.score, $.legs[0].price or $['a key']`,
    );
  }
  return steps;
}

/** The one way a path is written here. */
export function pathOf(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => path + stepText(step), '$');
}

export function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  return PLAIN.test(step) ? `.${step}` : `['${step.replace(/['\\]/g, '\\$&')}']`;
}

/** What stands there, as far as the value itself has it: nothing is inherited. Undefined: nothing. */
export function valueAt(root: unknown, steps: readonly Step[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) !== (typeof step === 'number')) return undefined;
    if (!Object.hasOwn(value, step)) return undefined;
    value = (value as Record<Step, unknown>)[step];
  }
  return value;
}
