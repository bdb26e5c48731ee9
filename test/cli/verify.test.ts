import { describe, expect, it, onTestFinished } from 'vitest';
import { startAggregator } from '../../src/sandbox/aggregator.ts';
import { blobIdOf } from '../../src/walrus/encoder/encode.ts';
import { run, service } from './underlabel.ts';

const SHARDS = 20;
const TRUTH = Buffer.from('truth');

/** A label under which an aggregator serves other bytes; nothing is checked by itself. */
async function mismatched() {
  const aggregator = await startAggregator({ nShards: SHARDS });
  onTestFinished(() => aggregator.close());
  const blobId = await blobIdOf(TRUTH, { nShards: SHARDS });
  aggregator.storeAs(blobId, Buffer.from('a lie'));
  const running = await service({
    allowHosts: ['127.0.0.1'],
    walrus: {
      ...{ network: 'custom', aggregators: [aggregator.url], shards: SHARDS },
      ...{ verify: 'off', expiryDays: [], chain: null },
    },
  });
  await running.underlabel(['label', 'add', 'acme/risk', '--source', 'push']);
  await running.post('labels/acme%2Frisk/observations', { files: [{ path: 'm.onnx', blobId }] });
  return { ...running, aggregator, blobId };
}

describe('a mismatch', () => {
  it('is named by verify with its file, by label ls, and by label show beside the other facts', async () => {
    const { underlabel } = await mismatched();
    const verify = await underlabel(['verify', 'acme/risk']);
    expect([verify.code, verify.out]).toEqual([
      1,
      expect.stringMatching(/^MISMATCH .+\n {2}file +m\.onnx\n {2}mismatch +5 bytes from /),
    ]);
    const ls = await underlabel(['label', 'ls']);
    expect(ls.out).toMatch(/UNDER IT +BYTES .*\nacme\/risk +sha256:\w{12} +MISMATCH /);
    const show = await underlabel(['label', 'show', 'acme/risk']);
    expect(show.out).toMatch(/bytes +MISMATCH\nretrievable +no\nchain +not known\n/);
  });
});

describe('verify says what it can not verify, and why:', () => {
  it('a label that nothing was pushed to', async () => {
    const { underlabel } = await service();
    await underlabel(['label', 'add', 'acme/new', '--source', 'push']);
    const { code, out, err } = await underlabel(['verify', 'acme/new']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('under acme/new: no reading was pushed to it yet.');
  });

  it('a label whose source answers that nothing is there', async () => {
    const { underlabel, post } = await service();
    await underlabel(['label', 'add', 'acme/gone', '--source', 'push']);
    await post('labels/acme%2Fgone/observations', { absent: true });
    const { code, err } = await underlabel(['verify', 'acme/gone']);
    expect([code, err]).toEqual([2, expect.stringContaining('its source answers that nothing')]);
  });

  it('a Blob ID as other tools write it, with what it is here', async () => {
    const blobId = await blobIdOf(TRUTH, { nShards: SHARDS });
    const { code, err } = await run(['verify', `${blobId}=`]);
    expect([code, err]).toEqual([2, expect.stringContaining(`written so, it is ${blobId}.`)]);
  });

  it.each([
    [['verify', 'sha256:3f9c20aa']],
    [['artifacts', 'show', '3f9c20aa1b2c']],
    [['artifacts', 'diff', `sha256:${'0'.repeat(64)}`, 'sha256:3f9c20aa…']],
  ])('an id of an artifact that was cut: %j', async (args) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining('is not the whole of an id')]);
  });

  it('a label, where an artifact is compared', async () => {
    const { code, err } = await run(['artifacts', 'diff', 'og/x', 'og/y']);
    expect([code, err]).toEqual([2, expect.stringMatching(/"og\/.*is no id of an artifact/)]);
  });
});
