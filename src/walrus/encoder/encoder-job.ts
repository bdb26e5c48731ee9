/** One Blob ID that was asked for. */
import type { BlobId } from '../../lineage/manifest.ts';
import { type Refusal, refused } from './encode-error.ts';
import type { Answer, Question } from './encode-worker.ts';
import { memoryToEncode } from './encoder-cost.ts';
import { lengthOf } from './encoder-file.ts';
import { lengthRefusal, shardsRefusal } from './encoder-limits.ts';

/**
 * Bytes are copied when their turn comes, so leave them unchanged until then; a file is read by the
 * thread that encodes it. `name`: what messages call the file, its path unless said otherwise.
 */
export type BlobSource = Uint8Array | { file: string; name?: string };

export class EncoderJob {
  /** Bytes to encode; null until the file was asked for it. */
  length: number | null = null;
  /** Ends a job that is under way. */
  stop: () => void = () => {};
  readonly #source: BlobSource;
  readonly #nShards: number;
  readonly #onStart: ((bytes: number) => void) | undefined;
  readonly #outcome = Promise.withResolvers<BlobId>();

  constructor(source: BlobSource, nShards: number, onStart?: (bytes: number) => void) {
    this.#source = source;
    this.#nShards = nShards;
    this.#onStart = onStart;
    this.#refuse(shardsRefusal(nShards));
    if (source instanceof Uint8Array) {
      this.#refuse(lengthRefusal(source.byteLength, nShards));
      this.length = source.byteLength;
    }
  }

  get outcome(): Promise<BlobId> {
    return this.#outcome.promise;
  }

  /** Of memory; only once its length is known. */
  get neededBytes(): number {
    return memoryToEncode(this.length!, this.#nShards);
  }

  /** @throws EncodeError where the file can't be had or is too long */
  async measure(): Promise<void> {
    if (this.#source instanceof Uint8Array) return;
    const length = await lengthOf(this.#source.file, this.#nShards);
    if (typeof length !== 'number') this.#refuse(length);
    else this.length = length;
  }

  /** @throws RangeError where there is no memory for a copy of the bytes */
  question(): Question {
    const source = this.#source;
    const nShards = this.#nShards;
    if (!(source instanceof Uint8Array)) {
      return { source: { file: source.file, length: this.length! }, nShards };
    }
    // Moved over, not cloned: cloning a view would clone the whole buffer under it.
    return { source: new Uint8Array(source), nShards };
  }

  started(): void {
    this.#onStart?.(this.length!);
  }

  settle(answer: Answer): void {
    if ('blobId' in answer) this.#outcome.resolve(answer.blobId);
    else this.reject('refusal' in answer ? answer.refusal : failure(answer.cause));
  }

  reject(refusal: Refusal): void {
    this.#outcome.reject(refused(this.#what(), refusal));
  }

  giveUp(reason: unknown): void {
    this.#outcome.reject(reason);
  }

  #refuse(refusal: Refusal | null): void {
    if (refusal) throw refused(this.#what(), refusal);
  }

  #what(): string {
    const source = this.#source;
    if (source instanceof Uint8Array) return `${source.byteLength} bytes have`;
    return `${source.name ?? source.file} has`;
  }
}

function failure(cause: unknown): Refusal {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const problem = `encoding failed (${reason})`;
  return { code: 'encoder', problem, toDo: 'Try again, with more memory free', cause };
}
