/** A value that can be a label. */
export type Label = string | number | boolean | null;

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * The name a label is shown by. Texts are in JSON quotes where they could be taken for something
 * else: for an outcome in parentheses, for a quoted text, for a number, true, false or null, or for nothing.
 */
export function labelName(label: Label): string {
  if (typeof label !== 'string') return `${label}`;
  const isPlain = label !== '' && !/^[("]/.test(label) && !LITERAL.test(label);
  return isPlain ? label : JSON.stringify(label);
}
