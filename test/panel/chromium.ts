/** Where Chromium is. Nothing is downloaded: the tests take the one that the system has. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Null where there is none. @throws Error where one was named, or one has to be there */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.UNDERLABEL_CHROMIUM;
  if (named) {
    if (canRun(named)) return named;
    throw new Error(`UNDERLABEL_CHROMIUM names ${named}, which can't be run`);
  }
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter)].filter((one) => one !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(canRun);
  if (found) return found;
  if (env.CI === 'true' && env.UNDERLABEL_NEED_BROWSER === '1') {
    throw new Error(
      'Chromium is not installed, and UNDERLABEL_NEED_BROWSER=1 says that it must be',
    );
  }
  return null;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
