import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BlobObjectRead,
  type Evidence,
  judge,
} from '../../src/walrus/chain/blob-judgement.ts';
import type { NodeStatus } from '../../src/walrus/chain/node-status.ts';
import type { ChainFact } from '../../src/walrus/chain-fact.ts';

const BLOB = 'A'.repeat(43);
const EPOCH = 10;
const at = {
  network: 'standin',
  readAt: 1_800_000_000_000,
  epoch: { epoch: EPOCH, durationMs: 86_400_000, startedAt: 1_799_999_000_000 },
  changingSince: 1_799_999_000_000,
};

const epoch = fc.integer({ min: 0, max: 2 * EPOCH });
const past = fc.integer({ min: 0, max: EPOCH });

const object: fc.Arbitrary<BlobObjectRead> = fc
  .record({
    certifiedEpoch: fc.option(past),
    endEpoch: epoch,
    deletable: fc.boolean(),
    registeredEpoch: past,
    size: fc.nat(),
    objectId: fc.constantFrom('0xa', '0xb'),
  })
  .map((some) => ({
    blob: { ...some, blobObjectId: some.objectId, blobId: BLOB },
    attributes: { a: 'b' },
  }));

const status: fc.Arbitrary<NodeStatus> = fc.oneof(
  fc.constant({ type: 'nonexistent' as const }),
  fc.constant({ type: 'invalid' as const }),
  fc.record({ type: fc.constant('deletable' as const), initialCertifiedEpoch: fc.option(past) }),
  fc.record({
    type: fc.constant('permanent' as const),
    endEpoch: epoch,
    isCertified: fc.boolean(),
    initialCertifiedEpoch: fc.option(past),
    statusEvent: fc.constant({ txDigest: 'x' }),
  }),
);

const evidence: fc.Arbitrary<Evidence> = fc.record({
  own: fc.oneof(object, fc.constant('gone' as const), fc.constant(null)),
  nodes: status,
  other: fc.option(object),
});

const was: fc.Arbitrary<ChainFact | null> = fc.option(
  fc.record({
    blobId: fc.constant(BLOB),
    network: fc.constant('standin'),
    readAt: fc.constant(1_799_000_000_000),
    epoch: fc.constant(EPOCH - 1),
    status: fc.constantFrom(
      'certified',
      'registered',
      'expired',
      'deleted',
      'invalid',
      'nonexistent',
    ),
    certifiedEpoch: fc.option(past),
    endEpoch: fc.option(epoch),
    endsAt: fc.option(fc.constant(1_799_000_000_000)),
    endsAtEstimated: fc.boolean(),
    deletable: fc.option(fc.boolean()),
    objectId: fc.option(fc.constant('0xa')),
    size: fc.option(fc.nat()),
    attributes: fc.constant(null),
  }),
);

/** For any evidence there can be. */
function always(holds: (fact: ChainFact, evidence: Evidence, was: ChainFact | null) => boolean) {
  fc.assert(
    fc.property(evidence, was, (given, before) =>
      holds(judge({ blobId: BLOB, was: before }, given, at), given, before),
    ),
  );
}

const implies = (condition: boolean, claim: () => boolean) => !condition || claim();

describe('what is said of a blob', () => {
  it('is deleted only if its deletable object is gone while it lasted, and nobody knows it any more', () => {
    always((fact, { own, nodes, other }, before) =>
      implies(
        fact.status === 'deleted',
        () =>
          (own === 'gone' || own === null) &&
          nodes?.type === 'nonexistent' &&
          other === null &&
          (before?.status === 'deleted' ||
            (own === 'gone' && before?.deletable === true && before.endEpoch! > EPOCH)),
      ),
    );
  });

  it('is certified or registered only while its storage lasts, and expired only after that', () => {
    always(({ status: said, endEpoch }) => {
      if (said === 'certified' || said === 'registered')
        return endEpoch === null || endEpoch > EPOCH;
      return said !== 'expired' || (endEpoch !== null && endEpoch <= EPOCH);
    });
  });

  it('is never lost while the storage nodes say that it is certified and lasts', () => {
    always((fact, { nodes }) =>
      implies(
        nodes?.type === 'permanent' && nodes.isCertified && nodes.endEpoch > EPOCH,
        () => fact.status === 'certified',
      ),
    );
  });

  it('is invalid exactly where the storage nodes say so', () => {
    always((fact, { nodes }) => (fact.status === 'invalid') === (nodes?.type === 'invalid'));
  });

  it('has attributes, and an object that can be read, exactly where it comes from an object', () => {
    always((fact, { own, other }) =>
      implies(fact.attributes !== null, () => {
        const ids = [own, other].map((one) => (one && one !== 'gone' ? one.blob.objectId : null));
        return ids.includes(fact.objectId);
      }),
    );
  });

  it('has an end in time exactly where it has an end in epochs', () => {
    always((fact, _, before) =>
      implies(
        // What was known without a time has none later either.
        !(fact.status === 'deleted' && before?.endsAt === null),
        () => (fact.endsAt === null) === (fact.endEpoch === null),
      ),
    );
  });

  it('is the same when it is asked again and nothing changed', () => {
    fc.assert(
      fc.property(evidence, was, (given, before) => {
        const once = judge({ blobId: BLOB, was: before }, given, at);
        // An object that is known now is asked for itself; one that is gone stays gone.
        expect(judge({ blobId: BLOB, was: once }, given, at)).toEqual(once);
      }),
    );
  });
});
