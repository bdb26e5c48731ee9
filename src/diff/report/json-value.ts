/** Values inside an output. */
import { nestsDeeperThan } from '../../contract/json-text.ts';

/** Longer texts are not taken apart for a report: two hundred of them must not hold it up. */
export const LONGEST_READ = 262_144; // UTF-16 code units
const DEEPEST = 500;

/** `undefined` where the text is missing, too long, too deep or no JSON. */
export function parsed(text: string | null): unknown {
  if (text === null || text.length > LONGEST_READ || nestsDeeperThan(DEEPEST, text)) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
