/** Looks into the first bytes of a file that isn't here: they are enough for safetensors, and for nothing else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatByName } from './format.ts';
import { inspectFile } from './inspect.ts';
import type { Inspection } from './inspection.ts';
import { InspectionError } from './inspection-error.ts';
import { headerEnd, LENGTH_BYTES } from './safetensors.ts';

export interface Prefix {
  bytes: Buffer;
  /** Of the whole file; null where nobody says. */
  size: number | null;
}

/** Most headers are shorter: one question is enough then. */
const FIRST_BYTES = 128 * 1024;

/**
 * @param name its path in the artifact
 * @param read the first so many bytes, or all there are
 * @returns null where the first bytes would not say enough
 * @throws what `read` throws; the signal's reason
 */
export async function peekInto(
  name: string,
  read: (bytes: number) => Promise<Prefix>,
  signal: AbortSignal,
): Promise<Inspection | null> {
  if (formatByName(name) !== 'safetensors') return null;
  const first = await read(FIRST_BYTES);
  const { size } = first;
  if (size === null) return null;
  const end = endOf(first.bytes, size);
  const { bytes } = end > first.bytes.length ? await read(end) : first;
  const folder = await mkdtemp(join(tmpdir(), 'underlabel-peek-'));
  try {
    const file = join(folder, 'prefix');
    await writeFile(file, bytes, { mode: 0o600 });
    return await inspectFile({ file, name, size, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the header ends; what is wrong with a header is told by whoever reads it. */
function endOf(start: Buffer, size: number): number {
  try {
    return headerEnd(start, size);
  } catch (error) {
    if (error instanceof InspectionError) return LENGTH_BYTES;
    throw error;
  }
}
