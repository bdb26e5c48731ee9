/** A service, a hub's word, and what bytes and chain say to it: through the API, the CLI and events. */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Aggregator, startAggregator } from '../../src/sandbox/aggregator.ts';
import { weightsFile } from '../../src/sandbox/model.ts';
import { type Sui, startSui } from '../../src/sandbox/sui.ts';
import { blobIdOf } from '../../src/walrus/encoder/encode.ts';
import type { WalrusSettings } from '../../src/walrus-desk.ts';
import { service } from '../cli/underlabel.ts';
import { listen } from '../http/event-source.ts';
import { eventually } from '../http/eventually.ts';
import { ask, labelPath } from '../http/service-under-test.ts';

/** Few: an ID is computed in milliseconds then, and is another one, which matters to nobody here. */
const SHARDS = 20;
const LABEL = 'acme/risk-gate';
const DAY = 86_400_000;

const BEFORE = weightsFile('1.02');
const AFTER = weightsFile('1.03');
const ids = { before: '', after: '' };

beforeAll(async () => {
  ids.before = await blobIdOf(BEFORE, { nShards: SHARDS });
  ids.after = await blobIdOf(AFTER, { nShards: SHARDS });
});

interface Setting {
  verify?: WalrusSettings['verify'];
  /** Null: the chain is not asked. */
  sui?: Sui | null;
  aggregators?: readonly Aggregator[];
}

async function closing<T extends { close(): Promise<void> }>(opened: Promise<T>): Promise<T> {
  const it = await opened;
  onTestFinished(() => it.close());
  return it;
}

const aggregatorStandIn = () => closing(startAggregator({ nShards: SHARDS }));
const suiStandIn = (options = {}) => closing(startSui({ nShards: SHARDS, ...options }));

async function watching({ verify = 'always', sui = null, aggregators }: Setting = {}) {
  const asked = aggregators ?? [await aggregatorStandIn()];
  const running = await service({
    allowHosts: ['127.0.0.1'],
    walrus: {
      network: 'custom',
      aggregators: asked.map(({ url }) => url),
      shards: SHARDS,
      verify,
      expiryDays: [14, 2],
      chain: sui && { suiUrl: sui.url, packageConfig: sui.packageConfig },
    },
  });
  const api = (method: string, path: string, body?: unknown) =>
    ask(`${running.url}/api/v1${path}`, method, body);
  const { events } = await listen(`${running.url}/api/v1/events`);
  await api('PUT', `/labels/${encodeURIComponent(LABEL)}`, { source: { kind: 'push' } });

  /** The hub's word: this blob is under the label. */
  async function push(blobId: string): Promise<string> {
    const files = [{ path: 'risk-gate.safetensors', blobId }];
    const { json } = await api('POST', `/labels/${encodeURIComponent(LABEL)}/observations`, {
      files,
    });
    return json.artifactId;
  }

  const settled = (blobId: string, state: string) =>
    eventually(
      async () => (await api('GET', `/blobs/${blobId}`)).json,
      (blob) => blob.verification?.state === state,
    );
  const chainSays = (blobId: string, status: string) =>
    eventually(
      async () => (await api('GET', `/blobs/${blobId}`)).json,
      (blob) => blob.chain?.fact?.status === status,
    );
  const told = async (type: string) => {
    const { event } = await eventually(
      () => events.all.find((each) => each.event.type === `underlabel.${type}`),
      (found) => found !== undefined,
    ).then((found) => found!);
    return event;
  };
  return { ...running, api, push, settled, chainSays, told, events, aggregator: asked[0]! };
}

describe('bytes that are what their ID says', () => {
  it('are verified by themselves: at the blob, the artifact, the label, and as an event', async () => {
    const { aggregator, push, settled, api, told, underlabel, alone } = await watching();
    aggregator.storeAs(ids.before, BEFORE);
    const artifactId = await push(ids.before);
    const blob = await settled(ids.before, 'verified');
    expect(blob).toMatchObject({
      verification: { aggregator: aggregator.url, error: null },
      retrievable: { state: 'yes' },
      chain: { fact: null, problem: { code: 'off' } },
    });
    const artifact = (await api('GET', `/artifacts/${artifactId}`)).json;
    expect(artifact).toMatchObject({ verification: 'verified', blobs: [{ blobId: ids.before }] });
    const label = (await api('GET', labelPath(LABEL).slice('/api/v1'.length))).json;
    expect(label.verification).toMatchObject({ state: 'verified', blobs: { verified: 1 } });
    expect(await told('blob.verified')).toMatchObject({
      subject: ids.before,
      data: { labels: [LABEL], bytes: BEFORE.length, sha256: blob.verification.sha256 },
    });
    const { code, out } = await alone(['verify', LABEL]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('VERIFIED') });
    expect((await underlabel(['label', 'show', LABEL])).out).toMatch(/^bytes\s+VERIFIED$/m);
  });

  it('are checked on demand by artifact and by Blob ID, also where nothing is by itself', async () => {
    const { aggregator, push, api, underlabel } = await watching({ verify: 'off' });
    aggregator.storeAs(ids.before, BEFORE);
    const artifactId = await push(ids.before);
    expect((await api('GET', `/artifacts/${artifactId}`)).json.verification).toBe('unchecked');
    expect((await underlabel(['artifacts', 'show', artifactId])).out).toContain('UNCHECKED');
    expect((await underlabel(['verify', artifactId])).code).toBe(0);
    aggregator.storeAs(ids.after, AFTER);
    const { code, out } = await underlabel(['verify', ids.after, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ blobId: ids.after, outcome: 'verified' }]);
  });
});

describe('other bytes under an ID', () => {
  it('are a mismatch everywhere, and stay one whatever another aggregator serves', async () => {
    const [liar, honest] = [await aggregatorStandIn(), await aggregatorStandIn()];
    liar.storeAs(ids.before, AFTER);
    honest.storeAs(ids.before, BEFORE);
    const { push, settled, api, told, underlabel } = await watching({
      aggregators: [liar, honest],
    });
    const artifactId = await push(ids.before);
    const blob = await settled(ids.before, 'mismatch');
    expect(blob.verification).toMatchObject({
      aggregator: liar.url,
      error: { code: 'other-bytes' },
      verifiedAt: expect.any(String),
    });
    expect((await api('GET', `/artifacts/${artifactId}`)).json.verification).toBe('mismatch');
    expect(await told('blob.mismatch')).toMatchObject({
      data: { aggregator: liar.url, computedBlobId: ids.after, labels: [LABEL] },
    });
    const { code, out } = await underlabel(['verify', LABEL]);
    expect(code).toBe(1);
    expect(out).toContain('MISMATCH');
    expect(out).toContain(ids.after);
    expect((await underlabel(['label', 'show', LABEL])).out).toMatch(/^bytes\s+MISMATCH$/m);

    liar.storeAs(ids.before, BEFORE);
    expect((await underlabel(['verify', LABEL])).code).toBe(0);
    expect((await api('GET', `/artifacts/${artifactId}`)).json.verification).toBe('verified');
  });
});

describe('an aggregator that was caught', () => {
  it('and serves nothing now leaves the blob a mismatch, also where the run itself went well', async () => {
    const [liar, honest] = [await aggregatorStandIn(), await aggregatorStandIn()];
    liar.storeAs(ids.before, AFTER);
    honest.storeAs(ids.before, BEFORE);
    const { push, settled, api, underlabel, events } = await watching({
      aggregators: [honest, liar],
    });
    honest.forget(ids.before);
    await push(ids.before);
    await settled(ids.before, 'mismatch');
    honest.storeAs(ids.before, BEFORE);
    liar.forget(ids.before);
    const { code, out } = await underlabel(['verify', LABEL]);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^MISMATCH {2}${ids.before}$`, 'm'));
    expect(out).toMatch(/^ {2}verified/m);
    expect((await api('GET', `/blobs/${ids.before}`)).json).toMatchObject({
      verification: { state: 'mismatch', aggregator: liar.url },
      retrievable: { state: 'yes' },
    });
    expect(events.all.map(({ event }) => event.type)).not.toContain('underlabel.blob.verified');

    liar.storeAs(ids.before, BEFORE);
    expect((await underlabel(['verify', LABEL])).code).toBe(0);
    expect((await api('GET', `/blobs/${ids.before}`)).json.verification.state).toBe('verified');
  });
});

describe('two artifacts compared by somebody who may only read', () => {
  it('ask an aggregator at most once a minute for what it does not have', async () => {
    const { aggregator, push, api } = await watching({ verify: 'off' });
    const [before, after] = [await push(ids.before), await push(ids.after)];
    const compare = () => api('GET', `/artifacts/${before}/compare/${after}`);
    const answers = await Promise.all([compare(), compare(), compare()]);
    await compare();
    expect(answers[0]!.json.changed.items).toMatchObject([
      { before: { basis: null, problem: 'its bytes were never fetched' } },
    ]);
    expect(aggregator.requests).toHaveLength(2);
  });
});

describe('bytes that cannot be had', () => {
  it('are unavailable, and what was known before stays readable', async () => {
    const { push, settled, api, told, underlabel } = await watching();
    const artifactId = await push(ids.before);
    const blob = await settled(ids.before, 'unavailable');
    expect(blob).toMatchObject({
      verification: { error: { code: 'not-found' }, verifiedAt: null },
      retrievable: { state: 'no' },
    });
    expect(await told('blob.unavailable')).toMatchObject({
      data: { labels: [LABEL], error: { code: 'not-found' } },
    });
    const { code, out } = await underlabel(['verify', LABEL]);
    expect({ code, out }).toMatchObject({ code: 3, out: expect.stringContaining('not-found') });
    const before = new Date(Date.parse(blob.verification.at) - 1).toISOString();
    const then = (await api('GET', `/artifacts/${artifactId}?asOf=${before}`)).json;
    expect(then.verification).toBe('unchecked');
    const shown = await underlabel(['artifacts', 'show', artifactId, '--as-of', before]);
    expect(shown.out).toContain('UNCHECKED');
  });

  it('are not asked for where no network is set, and nothing is claimed', async () => {
    const { url, underlabel } = await service();
    const answer = await ask(`${url}/api/v1/blobs/${ids.before}/verifications`, 'POST');
    expect(answer.status).toBe(409);
    expect(answer.json.detail).toContain('UNDERLABEL_WALRUS');
    const { code, err } = await underlabel(['verify', ids.before]);
    expect(code).toBe(2);
    expect(err).toContain('UNDERLABEL_WALRUS');
  });
});

describe('what the chain says', () => {
  it('is a fact of its own beside the bytes, with its end as an estimate', async () => {
    const sui = await suiStandIn();
    const { aggregator, push, chainSays, settled, underlabel } = await watching({ sui });
    aggregator.storeAs(ids.before, BEFORE);
    sui.register({
      blobId: ids.before,
      size: BEFORE.length,
      endEpoch: sui.epochs.epoch + 5,
      attributes: { source: 'acme' },
    });
    const artifactId = await push(ids.before);
    const { chain } = await chainSays(ids.before, 'certified');
    expect(chain).toMatchObject({
      fact: { deletable: false, endEpoch: sui.epochs.epoch + 5, endsAtEstimated: true },
      problem: null,
    });
    await settled(ids.before, 'verified');
    const { out } = await underlabel(['artifacts', 'show', artifactId]);
    expect(out).toMatch(/certified in epoch 10/);
    expect(out).toContain('(estimated)');
  });

  it('is told before the end, while a label holds the blob', async () => {
    const sui = await suiStandIn();
    const { aggregator, push, told, underlabel } = await watching({ sui });
    aggregator.storeAs(ids.before, BEFORE);
    const endEpoch = sui.epochs.epoch + 1;
    sui.register({ blobId: ids.before, size: BEFORE.length, endEpoch });
    const artifactId = await push(ids.before);
    const event = await told('blob.expiring');
    expect(event).toMatchObject({
      subject: ids.before,
      data: { labels: [LABEL], withinDays: 14, endEpoch, endsAtEstimated: false },
    });
    const shown = await underlabel(['artifacts', 'show', artifactId]);
    expect(shown.out).toContain(`the start of epoch ${endEpoch}`);
    const { endsAt } = event.data as { endsAt: string };
    expect(Date.parse(endsAt)).toBe(sui.epochs.startedAt! + 14 * DAY);
  });

  it('of a blob that its owner deleted is a loss, though the bytes stay verified', async () => {
    const sui = await suiStandIn();
    const { aggregator, push, settled, api, told, underlabel } = await watching({ sui });
    aggregator.storeAs(ids.before, BEFORE);
    const objectId = sui.register({
      blobId: ids.before,
      size: BEFORE.length,
      deletable: true,
      endEpoch: sui.epochs.epoch + 5,
    });
    // The object is not known from the blob alone: it is where a label on Sui names it.
    const source = { kind: 'sui-object', object: objectId };
    await api('PUT', '/labels/acme%2Fon-sui', { source, every: '1s' });
    await push(ids.before);
    await settled(ids.before, 'verified');
    await eventually(
      async () => (await api('GET', `/blobs/${ids.before}`)).json,
      ({ chain }) => chain.fact?.objectId === objectId,
    );
    sui.delete(objectId);
    aggregator.forget(ids.before);
    expect((await underlabel(['verify', ids.before])).out).toContain('deleted');
    const blob = await eventually(
      async () => (await api('GET', `/blobs/${ids.before}`)).json,
      ({ chain }) => chain.fact.status !== 'certified',
    );
    expect(blob.chain.fact).toMatchObject({ status: 'deleted', objectId });
    expect(blob).toMatchObject({
      verification: { state: 'verified' },
      retrievable: { state: 'no' },
    });
    expect(await told('blob.lost')).toMatchObject({ data: { was: 'certified' } });
  });

  it('out of reach holds nothing else up, and says so', async () => {
    const sui = await suiStandIn();
    sui.answers.refusal = { status: 'UNAVAILABLE' };
    const { aggregator, push, settled, api } = await watching({ sui });
    aggregator.storeAs(ids.before, BEFORE);
    await push(ids.before);
    await settled(ids.before, 'verified');
    const { chain } = await eventually(
      async () => (await api('GET', `/blobs/${ids.before}`)).json,
      (blob) => blob.chain.problem !== null,
    );
    expect(chain).toMatchObject({ fact: null, problem: { message: expect.any(String) } });
  });
});

describe('a label kept on Sui', () => {
  const TYPE_OF = (sui: Sui) => `${sui.packageId}::registry::Entry`;

  it('that moves is a change like any other, with what changed inside one question away', async () => {
    const sui = await suiStandIn();
    const { aggregator, api, told, settled, underlabel } = await watching({ sui });
    aggregator.storeAs(ids.before, BEFORE);
    aggregator.storeAs(ids.after, AFTER);
    const type = TYPE_OF(sui);
    const json = (blobId: string) => ({ name: 'risk-gate', blob_id: blobId });
    const { objectId } = sui.put({ type, content: new Uint8Array(), json: json(ids.before) });
    const source = {
      kind: 'sui-object',
      object: objectId,
      type,
      field: 'blob_id',
      path: 'gate.safetensors',
    };
    const made = await api('PUT', '/labels/acme%2Fon-sui', { source, every: '1s' });
    expect(made.status).toBe(201);
    await told('change.first_seen');
    sui.update(objectId, { json: json(ids.after) });
    const moved = await told('change.moved');
    const { from, to, compare } = moved.data as { from: string; to: string; compare: string };
    await settled(ids.before, 'verified');
    await settled(ids.after, 'verified');
    const diff = (await api('GET', compare.slice('/api/v1'.length))).json;
    expect(diff).toMatchObject({
      identical: false,
      changed: { items: [{ before: { basis: 'verified' }, finding: 'model' }] },
    });
    expect(diff.changed.items[0].inside.tensors.removed.items).toMatchObject([{ name: 'night' }]);
    expect((await underlabel(['label', 'show', 'acme/on-sui'])).out).toMatch(
      /^ {2}moved {2}sha256/m,
    );
    const { code, out } = await underlabel(['artifacts', 'diff', from, to]);
    expect(code).toBe(1);
    expect(out).toContain('night');
    expect((await underlabel(['artifacts', 'diff', from, from])).code).toBe(0);
  });
});
