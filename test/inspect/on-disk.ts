/** Files in a folder that goes away with the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { readInspection } from '../../src/inspect/read-file.ts';

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'underlabel-inspect-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** What is inside bytes that come as a file of this name. @param size of the whole, where the bytes are its start */
export function inside(name: string, bytes: Uint8Array, size = bytes.byteLength): Inspection {
  const file = join(folder(), 'file');
  writeFileSync(file, bytes);
  return readInspection({ file, name, size });
}
