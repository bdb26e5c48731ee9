import { describe, expect, it } from 'vitest';
import {
  chainTally,
  retrievableTally,
  runLines,
  standingLines,
} from '../../src/cli/verification-page.ts';
import type { BlobFactsJson, ChainFactJson } from '../../src/contract/blob.ts';

const BLOB_ID = Buffer.alloc(32, 7).toString('base64url');
const AT = '2026-11-21T10:00:00.000Z';

const fact = (said: Partial<ChainFactJson>): ChainFactJson => ({
  ...{ id: '1', network: 'mainnet', status: 'certified', epoch: 10, certifiedEpoch: 10 },
  ...{ endEpoch: 40, endsAt: AT, endsAtEstimated: true, deletable: false, objectId: null },
  ...{ size: null, attributes: null, readAt: AT, confirmedAt: AT, recordedAt: AT },
  ...said,
});

function facts({
  state = 'verified',
  retrievable = 'yes',
  chain = fact({}),
  problem = null,
}: {
  state?: BlobFactsJson['verification']['state'];
  retrievable?: BlobFactsJson['retrievable']['state'];
  chain?: ChainFactJson | null;
  problem?: BlobFactsJson['chain']['problem'];
} = {}): BlobFactsJson {
  const checked = { aggregator: 'https://a.example', verifiedAt: AT, sha256: null };
  return {
    blobId: BLOB_ID,
    verification: { state, at: AT, error: null, ...checked },
    retrievable: { state: retrievable, at: AT },
    chain: { fact: chain, problem },
  };
}

describe('how a blob stands', () => {
  it('is told as three facts, none in place of another', () => {
    const text = standingLines(facts({ retrievable: 'no' }), ['m.onnx']).join('\n');
    expect(text).toBe(`VERIFIED  ${BLOB_ID}
  file          m.onnx
  checked       2026-11-21 10:00:00 UTC from https://a.example
  retrievable   no, as of 2026-11-21 10:00:00 UTC
  chain         certified in epoch 10, not deletable (mainnet, as of 2026-11-21
                10:00:00 UTC)
  stored until  the start of epoch 40, 2026-11-21 10:00:00 UTC (estimated)`);
  });

  it.each(['deleted', 'invalid', 'nonexistent'] as const)('has no end where it is %s', (status) => {
    const text = standingLines(facts({ chain: fact({ status, endEpoch: null }) })).join('\n');
    expect(text).toContain(`chain        ${status}, not deletable (mainnet, as of`);
    expect(text).not.toContain('stored until');
  });

  it('says beside what the chain said that it can not be asked now', () => {
    const problem = { code: 'unreachable', message: 'https://node.example is not there.' };
    const lines = standingLines(facts({ problem }));
    expect(lines.join('\n')).toMatch(
      / {2}chain +certified in epoch 10[\s\S]+\n {2}chain now +not known: unreachable: https:/,
    );
  });

  it('shows what owners and aggregators write as plain text, and every id whole', () => {
    const objectId = `0x${'5'.repeat(64)}`;
    const attributes = { 'na\u001b[31mme': 'x\u001b]0;pwn\u0007\n  chain  certified' };
    const lines = standingLines(facts({ chain: fact({ objectId, attributes }) }));
    expect(lines.join('\n')).toContain(objectId);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([]);
    expect(lines.filter((line) => /^ {2}chain /.test(line))).toHaveLength(1);
  });
});

describe('a run', () => {
  it('names the files whose bytes it fetched, and why they could not be had, in 80 columns', () => {
    const { verification, chain } = facts({ state: 'unavailable' });
    const error = { code: 'not-found', message: `${'word '.repeat(40)}end` };
    const attempt = {
      ...{ id: '1', blobId: BLOB_ID, outcome: 'unavailable' as const, error, aggregator: null },
      ...{ startedAt: AT, tookMs: 20, recordedAt: AT, bytes: null, sha256: null },
      computedBlobId: null,
    };
    const lines = runLines(
      {
        ...{ blobId: BLOB_ID, state: 'done', outcome: 'unavailable', attempts: [attempt] },
        ...{ verification, chain },
      },
      ['a.onnx', 'b/a.onnx'],
    );
    expect(lines.slice(0, 3)).toEqual([
      `UNAVAILABLE  ${BLOB_ID}`,
      '  file          a.onnx',
      '                b/a.onnx',
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('how the blobs of a label stand', () => {
  it('begins with the worst of them', () => {
    const blobs = [facts(), facts({ retrievable: 'no', chain: fact({ status: 'deleted' }) })];
    expect(retrievableTally(blobs)).toBe('1 no, 1 yes');
    expect(chainTally(blobs)).toBe('1 deleted, 1 certified');
  });

  it('is one word where all stand alike', () => {
    expect(retrievableTally([facts(), facts()])).toBe('yes');
    expect(chainTally([facts({ chain: null })])).toBe('not known');
  });

  it('says where the chain can not be asked for anything newer', () => {
    const problem = { code: 'timeout', message: 'late' };
    expect(chainTally([facts({ problem })])).toBe('certified, as far as is known');
  });
});
