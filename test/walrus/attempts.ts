/** Attempts to verify a blob, and chain facts, told by what matters in a test. */
import type { ChainFact } from '../../src/walrus/chain-fact.ts';
import type { VerificationAttempt } from '../../src/walrus/verification.ts';
import { blob, START } from '../store/opened.ts';

export const A = 'https://a.example';
export const B = 'https://b.example';

const NOTHING = {
  code: null,
  message: null,
  bytes: null,
  sha256: null,
  computedBlobId: null,
  retryAfterSeconds: null,
};

type Told = Partial<VerificationAttempt>;

export function verified(told: Told = {}): VerificationAttempt {
  const blobId = told.blobId ?? blob('x');
  const came = { bytes: 12, sha256: 'ab'.repeat(32), computedBlobId: blobId };
  const when = { startedAt: START, tookMs: 1200, aggregator: A };
  return { ...NOTHING, blobId, outcome: 'verified', ...came, ...when, ...told };
}

export function mismatch(told: Told = {}): VerificationAttempt {
  const wrong = { code: 'other-bytes' as const, message: 'other bytes', computedBlobId: blob('y') };
  return { ...verified(), outcome: 'mismatch', ...wrong, ...told };
}

export function unavailable(told: Told = {}): VerificationAttempt {
  const nothing = { bytes: null, sha256: null, computedBlobId: null };
  const why = { code: 'not-found' as const, message: 'not found' };
  return { ...verified(), ...nothing, outcome: 'unavailable', ...why, ...told };
}

export function fact(told: Partial<ChainFact> = {}): ChainFact {
  return {
    blobId: blob('x'),
    network: 'testnet',
    readAt: START,
    epoch: 40,
    status: 'certified',
    certifiedEpoch: 38,
    endEpoch: 60,
    endsAt: START + 20 * 86_400_000,
    endsAtEstimated: true,
    deletable: false,
    objectId: '0xb10b',
    size: 12,
    attributes: {},
    ...told,
  };
}
