/** Where the person stands. `npm run` moves to the package's root, and says in INIT_CWD where it came from. */
import { resolve } from 'node:path';

export function standingFolder(): string {
  return process.env.INIT_CWD || process.cwd();
}

/** A path as the person meant it. */
export function pathOf(path: string): string {
  return resolve(standingFolder(), path);
}
