/**
 * Where fetched bytes lie while they are looked at: files of this process alone, gone as soon as they
 * were looked at, and what a killed process left behind is gone at the next start.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Why bytes can't be kept: the disk is full, or can't be written. */
export class SpoolError extends Error {
  override name = 'SpoolError';
  readonly code = 'spool';
}

export interface SpoolOptions {
  /** Others may use it too. One machine at a time: who else is alive is known by process ids. */
  folder: string;
  /** Bytes of the disk that are left free for others, the database say. */
  keepFreeBytes: number;
  now: () => number;
}

const NAME = /^fetched-(\d+)-[0-9a-f-]{36}$/;
/** A process that has this number now is not the one that left the folder so long ago. */
const LEFT_AFTER_MS = 24 * 60 * 60 * 1000;
/** How much is written before the free space is looked at again. */
const LOOK_EVERY_BYTES = 64 * 2 ** 20;

/** Folders in use by this process. */
const inUse = new Set<string>();

export class Spool {
  readonly #parent: string;
  readonly #name = `fetched-${process.pid}-${randomUUID()}`;
  readonly #keepFreeBytes: number;
  readonly #now: () => number;
  #swept: Promise<void> | null = null;

  constructor({ folder, keepFreeBytes, now }: SpoolOptions) {
    this.#parent = folder;
    this.#keepFreeBytes = keepFreeBytes;
    this.#now = now;
    inUse.add(this.#name);
  }

  /**
   * A new, empty file; the caller removes it.
   * @throws SpoolError
   */
  async open(): Promise<SpoolFile> {
    this.#swept ??= sweep(this.#parent, this.#now());
    await this.#swept;
    const folder = join(this.#parent, this.#name);
    return spooling(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, randomUUID());
      return new SpoolFile(file, await open(file, 'wx', 0o600), this.#keepFreeBytes);
    });
  }

  /** Removes whatever is still there. What can't be removed now goes at the next start. */
  async close(): Promise<void> {
    await rm(join(this.#parent, this.#name), { recursive: true, force: true }).catch(() => {});
    inUse.delete(this.#name);
  }
}

export class SpoolFile {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #keepFreeBytes: number;
  #hash = createHash('sha256');
  #bytes = 0;
  #lookAt = 0;

  constructor(file: string, handle: FileHandle, keepFreeBytes: number) {
    this.file = file;
    this.#handle = handle;
    this.#keepFreeBytes = keepFreeBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends. @throws SpoolError */
  async write(chunk: Buffer): Promise<void> {
    if (this.#bytes >= this.#lookAt) await this.makeSureOf(LOOK_EVERY_BYTES);
    await spooling(async () => {
      for (let written = 0; written < chunk.length; ) {
        const rest = chunk.length - written;
        const at = this.#bytes + written;
        written += (await this.#handle.write(chunk, written, rest, at)).bytesWritten;
      }
    });
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** @throws SpoolError where so many bytes more would not leave enough of the disk free */
  async makeSureOf(bytes: number): Promise<void> {
    this.#lookAt = this.#bytes + LOOK_EVERY_BYTES;
    const { bavail, bsize } = await spooling(() => statfs(this.file));
    if (bavail * bsize - bytes >= this.#keepFreeBytes) return;
    throw new SpoolError(
      `${Math.floor(bavail * bsize)} bytes are free on the disk of the spool folder: too few for ${bytes} more, ` +
        `as ${this.#keepFreeBytes} are left to others`,
    );
  }

  /** Empties it. @throws SpoolError */
  async restart(): Promise<void> {
    if (this.#bytes > 0) await spooling(() => this.#handle.truncate(0));
    this.#hash = createHash('sha256');
    this.#bytes = 0;
    this.#lookAt = 0;
  }

  /** Hex SHA-256 of what it holds. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** What can't be removed now goes with its folder. */
  async remove(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.file, { force: true }).catch(() => {});
  }
}

async function spooling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new SpoolError(`the spool folder can't be written (${code ?? message})`, { cause });
  }
}

/** Removes what processes that are no more left behind. What can't be removed stays. */
async function sweep(parent: string, now: number): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const pid = NAME.exec(name)?.[1];
    const folder = join(parent, name);
    if (pid === undefined || inUse.has(name) || !(await isLeft(folder, Number(pid), now))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isLeft(folder: string, pid: number, now: number): Promise<boolean> {
  if (pid === process.pid || !isAlive(pid)) return true;
  const found = await stat(folder).catch(() => null);
  return found !== null && now - found.mtimeMs > LEFT_AFTER_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
