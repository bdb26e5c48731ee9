/** Files of this machine, read only inside the one folder that the operator allows. */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_BODY_BYTES } from '../fetch/body.ts';
import { SourceError } from './source.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * @param folder null: no file may be read
 * @throws SourceError `file`, `too-large`
 */
export async function readAllowedFile(url: URL, folder: string | null): Promise<Buffer> {
  if (folder === null) {
    throw refused(url, 'no folder is allowed', 'Start the service with UNDERLABEL_ALLOW_FILES');
  }
  let handle: FileHandle | null = null;
  try {
    const file = await realpath(fileURLToPath(url));
    if (!isInside(file, await realpath(folder))) {
      throw refused(url, 'it lies outside the allowed folder', 'Move it there, without links out');
    }
    // A link put there since is not followed, and a pipe without a writer does not hold us up.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    handle = await open(file, flags);
    if (!(await handle.stat()).isFile()) throw refused(url, 'it is not a file', 'Give a file');
    return await readCapped(handle, url);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw refused(url, `it can't be opened (${code})`, 'Check the path and its permissions');
  } finally {
    await handle?.close();
  }
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** What `stat` says may have grown since; only what is read counts. */
async function readCapped(handle: FileHandle, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= MAX_BODY_BYTES; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES));
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  throw new SourceError(
    'too-large',
    `${url.href} is longer than ${MAX_BODY_BYTES} bytes, so this reading says nothing about the label. Check the path.`,
  );
}

function refused(url: URL, problem: string, toDo: string): SourceError {
  return new SourceError(
    'file',
    `${url.href} was not read: ${problem}, so this reading says nothing about the label. ${toDo}.`,
  );
}
