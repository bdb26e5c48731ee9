/**
 * Has the bytes of each new blob fetched and checked, as far as the policy goes, and of any blob on
 * demand. What is due stands in the store, so that nothing is forgotten by a restart.
 */
import type { InspectedFile } from '../inspect/inspected-file.ts';
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
  /** Aggregators that are asked also where another one has served the right bytes. */
  alsoAsk: readonly string[];
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
    | 'pathOfBlob'
  >;
  verifier: { verify(blobId: BlobId, options: VerifyOptions): Promise<VerificationAttempt[]> };
  inspectFile: (file: InspectedFile) => Promise<Inspection>;
  policy: VerifyPolicy;
  clock: Clock;
  report: VerificationReport;
  random?: () => number;
}

/** Runs begun by themselves at a time. Those on demand come on top: leave the verifier room for some. */
export const RUNS_AT_ONCE = 4;
/** Between looks at what has become due. */
const NAP_MS = 10_000;
const STORE_PAUSE_MS = 5000;
/** After a run of which nothing could be recorded: it cost a whole download. */
const FAULT_PAUSE_MS = 60_000;

/** A run that the stop of the service ended: nothing of it is recorded. */
export class VerificationDropped extends Error {
  override name = 'VerificationDropped';

  constructor() {
    super('nothing was checked: the service is stopping; ask again once it runs');
  }
}

interface UnderWay {
  run: Promise<RecordedRun>;
  /** By the policy's size: a blob that is too large for it may not be for somebody who asks. */
  isLimited: boolean;
}

export class VerificationWatch {
  readonly #means: Means & { random: () => number };
  readonly #running = new Map<BlobId, UnderWay>();
  readonly #stopping = new AbortController();
  #cancelNap = () => {};
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  /** In turn: what just came is not to wait behind all that has failed again and again, nor the other way round. */
  #newestFirst = false;
  /** Not even that a blob is put off could be recorded: until then, by `elapsed`, none is taken up. */
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(means: Means) {
    this.#means = { random: Math.random, ...means };
  }

  /** Blobs being fetched or checked. */
  get running(): number {
    return this.#running.size;
  }

  async start(): Promise<void> {
    const { policy, store, clock, report } = this.#means;
    if (policy === 'off') return;
    // With a full disk labels are watched all the same.
    await store.requeueBlobs(clock.now()).catch((error: unknown) => report.failed(null, error));
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
   * @throws VerificationDropped where the service stops
   */
  verifyNow(blobId: BlobId): Promise<RecordedRun> {
    const underWay = this.#running.get(blobId);
    if (!underWay) return this.#begin(blobId, this.#runOf(blobId), false);
    const { run, isLimited } = underWay;
    if (!isLimited) return run;
    return run.then((done) => (endedTooLarge(done) ? this.verifyNow(blobId) : done));
  }

  async #runOf(blobId: BlobId): Promise<RecordedRun> {
    this.#stopping.signal.throwIfAborted();
    return this.#run(await this.#means.store.blobDue(blobId), null);
  }

  /** Ends what is under way; nothing of it is recorded, so it is due at the next start. */
  async stop(): Promise<void> {
    this.#cancelNap();
    this.#stopping.abort(new VerificationDropped());
    await this.#looking;
    await Promise.allSettled([...this.#running.values()].map(({ run }) => run));
  }

  async #look(): Promise<void> {
    const { clock, report } = this.#means;
    this.#lookAgain = false;
    this.#cancelNap();
    let napMs = NAP_MS;
    try {
      const restMs = this.#restsUntil - clock.elapsed();
      if (restMs > 0) napMs = restMs;
      else await this.#takeUpDue();
    } catch (error) {
      report.failed(null, error);
      napMs = STORE_PAUSE_MS;
    }
    if (!this.#stopping.signal.aborted) this.#cancelNap = clock.after(napMs, () => this.wake());
  }

  async #takeUpDue(): Promise<void> {
    const { store, clock } = this.#means;
    if (this.#running.size >= RUNS_AT_ONCE) return;
    // More than there is room for: those under way are among them.
    const most = RUNS_AT_ONCE + this.#running.size;
    const due = await store.blobsToVerify(clock.now(), most, this.#newestFirst);
    this.#newestFirst = !this.#newestFirst;
    for (const each of due) {
      if (this.#running.size < RUNS_AT_ONCE && !this.#running.has(each.blobId))
        await this.#takeUp(each);
    }
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
    this.#begin(due.blobId, this.#run(due, most), most !== null).catch(() => {});
  }

  #begin(blobId: BlobId, begun: Promise<RecordedRun>, isLimited: boolean): Promise<RecordedRun> {
    const run = begun.finally(() => {
      this.#running.delete(blobId);
      this.wake();
    });
    this.#running.set(blobId, { run, isLimited });
    return run;
  }

  async #run(
    { blobId, size, failures, suspects }: DueVerification,
    most: number | null,
  ): Promise<RecordedRun> {
    const { store, verifier, clock, report, policy, random } = this.#means;
    const { signal } = this.#stopping;
    try {
      const attempts = await verifier.verify(blobId, {
        expectedBytes: size,
        ...(most === null ? {} : { maxBytes: most }),
        alsoAsk: suspects,
        signal,
        withFile: (file, bytes) => this.#inspect(blobId, file, bytes),
      });
      signal.throwIfAborted();
      const pause =
        policy === 'off' ? null : verificationPause(attempts, failures + 1, random(), suspects);
      const nextAt = pause === null ? null : clock.now() + pause;
      const run = await store.recordVerification({ blobId, attempts, nextAt }, clock.now());
      report.verified(run);
      return run;
    } catch (error) {
      if (!signal.aborted) {
        report.failed(blobId, error);
        await store.putOffVerification(blobId, clock.now() + FAULT_PAUSE_MS).catch(() => {
          this.#restsUntil = clock.elapsed() + FAULT_PAUSE_MS;
        });
      }
      throw error;
    }
  }

  /** What is inside: a help, and no reason for a verification to fail. */
  async #inspect(blobId: BlobId, file: string, size: number): Promise<void> {
    const { store, inspectFile, clock, report } = this.#means;
    const { signal } = this.#stopping;
    try {
      const name = (await store.pathOfBlob(blobId)) ?? '';
      const inspection = await inspectFile({ file, name, size, signal });
      if (gaveUp(inspection)) return;
      await store.recordInspection(blobId, 'verified', inspection, clock.now());
    } catch (error) {
      if (!signal.aborted) report.failed(blobId, error);
    }
  }
}

function endedTooLarge({ attempts }: RecordedRun): boolean {
  return attempts.some(({ code }) => code === 'too-large');
}
