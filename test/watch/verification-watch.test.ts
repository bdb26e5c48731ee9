import { describe, expect, it, onTestFinished } from 'vitest';
import type { BlobId } from '../../src/lineage/manifest.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import {
  VerificationDropped,
  VerificationWatch,
  type VerifyOptions,
  type VerifyPolicy,
} from '../../src/watch/verification-watch.ts';
import { blob, opened, PUSHED, START } from '../store/opened.ts';
import { A, B, mismatch, unavailable, verified } from '../walrus/attempts.ts';
import { atRest, FakeClock } from './fake-clock.ts';

const LABEL = 'og/eth-volatility';

/** A verifier that answers as it is told, when it is told. */
class ScriptedVerifier {
  readonly asked: { blobId: BlobId; options: VerifyOptions }[] = [];
  answers: ((blobId: BlobId) => VerificationAttempt[]) | null = (blobId) => [verified({ blobId })];
  readonly #waiting: (() => void)[] = [];

  verify = async (blobId: BlobId, options: VerifyOptions): Promise<VerificationAttempt[]> => {
    this.asked.push({ blobId, options });
    if (!this.answers) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        options.signal.addEventListener('abort', () => reject(options.signal.reason));
      });
    }
    return (this.answers ?? ((id) => [verified({ blobId: id })]))(blobId);
  };

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

async function watching(policy: VerifyPolicy = 'always') {
  const clock = new FakeClock(START);
  const { store } = opened(undefined, {
    get now() {
      return clock.now();
    },
  });
  await store.putLabel(LABEL, PUSHED, clock.now());
  const verifier = new ScriptedVerifier();
  const failed: unknown[] = [];
  const inspected: string[] = [];
  const watch = new VerificationWatch({
    store,
    verifier,
    policy,
    clock,
    inspectFile: async ({ name }) => {
      inspected.push(name);
      return { format: 'unknown' };
    },
    report: { verified: () => {}, failed: (blobId, error) => failed.push([blobId, error]) },
    random: () => 0,
  });
  onTestFinished(() => watch.stop());

  async function push(...held: { blobId: BlobId; size?: number }[]) {
    const files = held.map(({ blobId, size = null }, i) => ({ path: `${i}.onnx`, blobId, size }));
    await store.recordPush(LABEL, { files, backfill: false }, clock.now());
    watch.wake();
    await settled();
  }

  const stateOf = async (blobId: BlobId) => {
    const attempts = await store.verifications(blobId, { limit: 10, before: null });
    return attempts.map(({ outcome }) => outcome);
  };
  return { clock, store, verifier, watch, push, stateOf, failed, inspected };
}

/** A few rounds: each step of a run awaits the store. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await atRest();
}

describe('a new artifact', () => {
  it('has each of its blobs checked, at once and once', async () => {
    const { push, verifier, stateOf, clock } = await watching();
    await push({ blobId: blob('x') }, { blobId: blob('y') });
    expect(verifier.asked.map(({ blobId }) => blobId).sort()).toEqual([blob('x'), blob('y')]);
    await clock.pass(86_400_000);
    expect(verifier.asked).toHaveLength(2);
    expect(await stateOf(blob('x'))).toEqual(['verified']);
  });

  it('of many blobs has a few checked at a time, and all of them in the end', async () => {
    const { push, verifier, watch } = await watching();
    verifier.answers = null;
    await push(...Array.from({ length: 11 }, (_, i) => ({ blobId: blob(String(i)) })));
    expect(watch.running).toBe(4);
    for (let i = 0; i < 5; i++) {
      verifier.release();
      await settled();
    }
    expect(verifier.asked).toHaveLength(11);
    expect(new Set(verifier.asked.map(({ blobId }) => blobId)).size).toBe(11);
    expect(watch.running).toBe(0);
  });

  it('does not wait behind all that has become due before', async () => {
    const { push, verifier, clock, watch } = await watching();
    verifier.answers = null;
    await push(
      ...Array.from({ length: 30 }, (_, i) => ({ blobId: blob(String.fromCodePoint(65 + i)) })),
    );
    await clock.pass(1000);
    await push({ blobId: blob('new') });
    expect(watch.running).toBe(4);
    for (let i = 0; i < 2; i++) {
      verifier.release();
      await settled();
    }
    expect(verifier.asked.map(({ blobId }) => blobId)).toContain(blob('new'));
    for (let i = 0; i < 8; i++) {
      verifier.release();
      await settled();
    }
    expect(verifier.asked).toHaveLength(31);
  });

  it('is not checked where the policy is off, and is once it no longer is', async () => {
    const { push, verifier, store, clock } = await watching('off');
    await push({ blobId: blob('x') });
    await clock.pass(86_400_000);
    expect(verifier.asked).toEqual([]);
    expect(await store.blobsToVerify(clock.now(), 10)).toHaveLength(1);
  });

  it('is checked up to a size: by what is stated, and by no more bytes than that', async () => {
    const { push, verifier, store, clock } = await watching({ upToBytes: 1000 });
    await push(
      { blobId: blob('x'), size: 1001 },
      { blobId: blob('y'), size: 1000 },
      { blobId: blob('z') },
    );
    expect(verifier.asked.map(({ blobId }) => blobId).sort()).toEqual([blob('y'), blob('z')]);
    expect(verifier.asked.map(({ options }) => options.maxBytes)).toEqual([1000, 1000]);
    expect(await store.blobsToVerify(clock.now(), 10)).toEqual([]);
  });
});

describe('a blob that could not be had', () => {
  it('is tried again after a while, less and less often, until it is there', async () => {
    const { push, verifier, clock, stateOf } = await watching();
    verifier.answers = (blobId) => [unavailable({ blobId })];
    await push({ blobId: blob('x') });
    expect(verifier.asked).toHaveLength(1);
    await clock.pass(29_000);
    await settled();
    expect(verifier.asked).toHaveLength(1);
    await clock.pass(11_000);
    await settled();
    expect(verifier.asked).toHaveLength(2);
    verifier.answers = (blobId) => [verified({ blobId })];
    await clock.pass(70_000);
    await settled();
    expect(await stateOf(blob('x'))).toEqual(['verified', 'unavailable', 'unavailable']);
  });
});

describe('an aggregator that served other bytes', () => {
  it('is asked in each run until it serves the right ones, whatever others serve', async () => {
    const { push, verifier, clock, store } = await watching();
    const state = async () => (await store.blobStates()).mismatch;
    verifier.answers = (blobId) => [mismatch({ blobId, aggregator: B }), verified({ blobId })];
    await push({ blobId: blob('x') });
    expect(verifier.asked[0]!.options.alsoAsk).toEqual([]);
    verifier.answers = (blobId) => [
      verified({ blobId, aggregator: A }),
      unavailable({ blobId, aggregator: B }),
    ];
    for (let run = 1; run <= 3; run++) {
      await clock.pass(6 * 3_600_000 + 20_000);
      await settled();
      expect(verifier.asked).toHaveLength(run + 1);
      expect(verifier.asked[run]!.options.alsoAsk).toEqual([B]);
      expect(await state()).toBe(1);
    }
    verifier.answers = (blobId) => [A, B].map((aggregator) => verified({ blobId, aggregator }));
    await clock.pass(6 * 3_600_000 + 20_000);
    await settled();
    expect(await state()).toBe(0);
  });
});

describe('a start', () => {
  it('tries again what the settings stood in the way of: they may be others', async () => {
    const { push, verifier, watch, clock } = await watching();
    verifier.answers = (blobId) => [unavailable({ blobId, code: 'refused-address' })];
    await push({ blobId: blob('x') });
    await clock.pass(86_400_000);
    expect(verifier.asked).toHaveLength(1);
    verifier.answers = (blobId) => [verified({ blobId })];
    await watch.start();
    await settled();
    await watch.start();
    await settled();
    expect(verifier.asked).toHaveLength(2);
  });
});

describe('on demand', () => {
  it('a blob is checked whatever the policy says, without its limit', async () => {
    const { push, verifier, watch } = await watching({ upToBytes: 10 });
    await push({ blobId: blob('x'), size: 1001 });
    const run = await watch.verifyNow(blob('x'));
    expect(run).toMatchObject({ outcome: 'verified' });
    expect(verifier.asked[0]!.options.maxBytes).toBeUndefined();
    expect(verifier.asked[0]!.options.expectedBytes).toBe(1001);
  });

  it('joins the run that is under way', async () => {
    const { verifier, watch } = await watching('off');
    verifier.answers = null;
    const both = [watch.verifyNow(blob('x')), watch.verifyNow(blob('x'))];
    await settled();
    expect(verifier.asked).toHaveLength(1);
    verifier.release();
    const [first, second] = await Promise.all(both);
    expect(second).toBe(first);
  });

  it('asks again where the run it joined was one that the policy limits', async () => {
    const { push, verifier, watch } = await watching({ upToBytes: 10 });
    verifier.answers = null;
    await push({ blobId: blob('x') });
    const asked = watch.verifyNow(blob('x'));
    verifier.answers = (blobId) => [
      verifier.asked.length === 1
        ? unavailable({ blobId, code: 'too-large' })
        : verified({ blobId }),
    ];
    verifier.release();
    expect(await asked).toMatchObject({ outcome: 'verified' });
    expect(verifier.asked.map(({ options }) => options.maxBytes)).toEqual([10, undefined]);
  });

  it('is recorded also where it is a mismatch, and nothing calmer is said', async () => {
    const { verifier, watch, stateOf } = await watching('off');
    verifier.answers = (blobId) => [mismatch({ blobId }), verified({ blobId, aggregator: null })];
    expect(await watch.verifyNow(blob('x'))).toMatchObject({ outcome: 'mismatch' });
    expect(await stateOf(blob('x'))).toEqual(['verified', 'mismatch']);
  });
});

describe('verified bytes', () => {
  it('are looked into under the name that the artifact gives them', async () => {
    const { push, verifier, inspected, store } = await watching();
    await push({ blobId: blob('x') });
    await verifier.asked[0]!.options.withFile('/nowhere', 12);
    expect(inspected).toEqual(['0.onnx']);
    expect((await store.inspections([blob('x')])).get(blob('x'))?.basis).toBe('verified');
  });
});

describe('a stop', () => {
  it('ends what is under way, and leaves it due', async () => {
    const { push, verifier, watch, store, clock, failed } = await watching();
    verifier.answers = null;
    await push({ blobId: blob('x') });
    await watch.stop();
    expect(failed).toEqual([]);
    expect(await store.blobsToVerify(clock.now(), 10)).toHaveLength(1);
    expect(await store.verifications(blob('x'), { limit: 10, before: null })).toEqual([]);
  });

  it('refuses what is asked afterwards', async () => {
    const { watch, verifier } = await watching();
    await watch.stop();
    await expect(watch.verifyNow(blob('x'))).rejects.toThrow(VerificationDropped);
    expect(verifier.asked).toEqual([]);
  });
});

describe('a fault', () => {
  it('of the verifier itself is told, and the blob is tried again a little later', async () => {
    const { push, verifier, failed, clock } = await watching();
    verifier.answers = () => {
      throw new TypeError('a fault');
    };
    await push({ blobId: blob('x') });
    expect(failed).toMatchObject([[blob('x'), expect.any(TypeError)]]);
    await clock.pass(50_000);
    await settled();
    expect(verifier.asked).toHaveLength(1);
    await clock.pass(20_000);
    await settled();
    expect(verifier.asked).toHaveLength(2);
  });

  it('of the disk costs a download a minute, and no more', async () => {
    const { push, verifier, failed, clock, store } = await watching();
    const { recordVerification, putOffVerification } = store;
    const full = async () => {
      throw new StoreError('full', 'the disk is full');
    };
    Object.assign(store, { recordVerification: full, putOffVerification: full });
    await push({ blobId: blob('x') });
    for (let second = 0; second < 55; second++) await clock.pass(1000).then(settled);
    expect(verifier.asked).toHaveLength(1);
    expect(failed).toHaveLength(1);
    Object.assign(store, { recordVerification, putOffVerification });
    await clock.pass(10_000);
    await settled();
    expect(await store.blobStates()).toMatchObject({ verified: 1 });
  });

  it('of the disk at the start is told, and keeps nothing from starting', async () => {
    const { store, watch, failed } = await watching();
    const full = new StoreError('full', 'the disk is full');
    store.requeueBlobs = () => Promise.reject(full);
    await watch.start();
    expect(failed).toEqual([[null, full]]);
  });
});
