/**
 * Has the bytes of each new blob fetched and checked, as far as the policy goes, and of any blob on
 * demand. What is due stands in the store, so that nothing is forgotten by a restart.
 */
import { type InspectedFile, nameToInspect } from '../inspect/inspected-file.ts';
import { gaveUp, type Inspection } from '../inspect/inspection.ts';
import type { BlobId } from '../lineage/manifest.ts';
import type { DueVerification, RecordedRun } from '../store/blob.ts';
import type { Store } from '../store/store.ts';
import type { VerificationAttempt } from '../walrus/verification.ts';
import { verificationPause } from './blob-pace.ts';
import type { Clock } from './clock.ts';

/** What is checked by itself. On demand anything is. */
export type VerifyPolicy = { upToBytes: number } | 'off' | 'always';

export interface VerifyOptions {
  expectedBytes: number | null;
  maxBytes?: number;
  signal: AbortSignal;
  /** Given the file once its bytes are verified, before it is removed. */
  withFile: (file: string, bytes: number) => Promise<void>;
}

export interface VerificationReport {
  verified(run: RecordedRun): void;
  /** A run was made, or was to be, and nothing of it could be recorded: it is due again later. */
  failed(blobId: BlobId | null, error: unknown): void;
}

interface Means {
  store: Pick<
    Store,
    | 'requeueBlobs'
    | 'blobsToVerify'
    | 'blobDue'
    | 'recordVerification'
    | 'putOffVerification'
    | 'recordInspection'
    | 'artifactsWith'
  >;
  verifier: { verify(blobId: BlobId, options: VerifyOptions): Promise<VerificationAttempt[]> };
  inspectFile: (file: InspectedFile) => Promise<Inspection>;
  policy: VerifyPolicy;
  clock: Clock;
  report: VerificationReport;
  random?: () => number;
}

/** By itself; the verifier has bounds of its own. */
const AT_ONCE = 4;
/** Between looks at what has become due. */
const NAP_MS = 10_000;
const STORE_PAUSE_MS = 5000;

export class VerificationWatch {
  readonly #means: Means & { random: () => number };
  readonly #running = new Map<BlobId, Promise<RecordedRun>>();
  readonly #stopping = new AbortController();
  #cancelNap = () => {};
  #looking: Promise<void> | null = null;
  #lookAgain = false;

  constructor(means: Means) {
    this.#means = { random: Math.random, ...means };
  }

  /** Blobs being fetched or checked. */
  get running(): number {
    return this.#running.size;
  }

  async start(): Promise<void> {
    const { policy, store, clock } = this.#means;
    if (policy === 'off') return;
    await store.requeueBlobs(clock.now());
    this.wake();
  }

  /** To be called where something may have become due. */
  wake(): void {
    if (this.#means.policy === 'off' || this.#stopping.signal.aborted) return;
    this.#lookAgain = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
      if (this.#lookAgain) this.wake();
    });
  }

  /**
   * Checks the blob now, whatever the policy says, or joins the run that is under way.
   * @throws the reason of the stop, where the service stops meanwhile
   */
  verifyNow(blobId: BlobId): Promise<RecordedRun> {
    return this.#running.get(blobId) ?? this.#begin(blobId, this.#runOf(blobId));
  }

  async #runOf(blobId: BlobId): Promise<RecordedRun> {
    return this.#run(await this.#means.store.blobDue(blobId), null);
  }

  /** Ends what is under way; nothing of it is recorded, so it is due at the next start. */
  async stop(): Promise<void> {
    this.#cancelNap();
    this.#stopping.abort(new Error('the service is stopping; ask again once it runs'));
    await this.#looking;
    await Promise.allSettled(this.#running.values());
  }

  async #look(): Promise<void> {
    const { store, clock, report } = this.#means;
    this.#lookAgain = false;
    this.#cancelNap();
    let napMs = NAP_MS;
    try {
      const room = AT_ONCE - this.#running.size;
      // More than there is room for: those under way are among them.
      const due = room > 0 ? await store.blobsToVerify(clock.now(), room + this.#running.size) : [];
      for (const each of due) if (!this.#running.has(each.blobId)) await this.#takeUp(each);
    } catch (error) {
      report.failed(null, error);
      napMs = STORE_PAUSE_MS;
    }
    if (!this.#stopping.signal.aborted) this.#cancelNap = clock.after(napMs, () => this.wake());
  }

  async #takeUp(due: DueVerification): Promise<void> {
    const { policy, store } = this.#means;
    const most = typeof policy === 'object' ? policy.upToBytes : null;
    if (most !== null && due.size !== null && due.size > most) {
      await store.putOffVerification(due.blobId, null);
      this.#lookAgain = true;
      return;
    }
    if (this.#stopping.signal.aborted) return;
    this.#begin(due.blobId, this.#run(due, most)).catch(() => {});
  }

  #begin(blobId: BlobId, run: Promise<RecordedRun>): Promise<RecordedRun> {
    const running = run.finally(() => {
      this.#running.delete(blobId);
      this.wake();
    });
    this.#running.set(blobId, running);
    return running;
  }

  async #run(
    { blobId, size, failures }: DueVerification,
    most: number | null,
  ): Promise<RecordedRun> {
    const { store, verifier, clock, report, policy, random } = this.#means;
    const { signal } = this.#stopping;
    try {
      const attempts = await verifier.verify(blobId, {
        expectedBytes: size,
        ...(most === null ? {} : { maxBytes: most }),
        signal,
        withFile: (file, bytes) => this.#inspect(blobId, file, bytes),
      });
      signal.throwIfAborted();
      const pause = policy === 'off' ? null : verificationPause(attempts, failures + 1, random());
      const nextAt = pause === null ? null : clock.now() + pause;
      const run = await store.recordVerification({ blobId, attempts, nextAt }, clock.now());
      report.verified(run);
      return run;
    } catch (error) {
      if (!signal.aborted) {
        report.failed(blobId, error);
        await store.putOffVerification(blobId, clock.now() + STORE_PAUSE_MS).catch(() => {});
      }
      throw error;
    }
  }

  /** What is inside: a help, and no reason for a verification to fail. */
  async #inspect(blobId: BlobId, file: string, size: number): Promise<void> {
    const { store, inspectFile, clock, report } = this.#means;
    const { signal } = this.#stopping;
    try {
      const name = nameToInspect(await store.artifactsWith(blobId), blobId);
      const inspection = await inspectFile({ file, name, size, signal });
      if (gaveUp(inspection)) return;
      await store.recordInspection(blobId, 'verified', inspection, clock.now());
    } catch (error) {
      if (!signal.aborted) report.failed(blobId, error);
    }
  }
}
