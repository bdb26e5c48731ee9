/** Hostile sources, end to end: each answer fails by its name, and none of them is a change. */
import { describe, expect, it } from 'vitest';
import type { SourceSpec } from '../../src/contract/label.ts';
import { rawServer, type Speak } from '../fetch/raw-server.ts';
import { labelPath, sharedService } from '../http/service-under-test.ts';
import { ANSWERS, ETAG, http, TRUTH } from './hostile-answers.ts';
import { BODIES, HUB_TRUTH, HUBS, hub, MANIFESTS } from './hostile-bodies.ts';

interface Kind {
  truth: Speak;
  spec(origin: string): SourceSpec;
}

const MANIFEST: Kind = {
  truth: http(200, TRUTH, { etag: ETAG }),
  spec: (origin) => ({ kind: 'manifest', url: `${origin}/m.json` }),
};
const HUB: Kind = {
  truth: hub(HUB_TRUTH, { etag: ETAG }),
  spec: (baseUrl) => ({
    kind: 'model-hub',
    model: 'eth',
    author: 'og',
    version: 'latest',
    baseUrl,
  }),
};

const service = sharedService({ allowHosts: ['127.0.0.1'] });
let labels = 0;
const failures: string[] = [];

describe.each([
  ['a manifest', 'answered with', MANIFEST, ANSWERS],
  ['a manifest', 'of', MANIFEST, BODIES],
  ['a manifest', 'of', MANIFEST, MANIFESTS],
  ['a Model Hub', 'of', HUB, BODIES],
  ['a Model Hub', 'of', HUB, HUBS],
] as const)('%s %s', (_kind, _of, kind, hostiles) => {
  it.concurrent.for(hostiles)('$name', async ({ speak, code, words }, { onTestFinished }) => {
    const server = await rawServer(kind.truth, onTestFinished);
    const label = `hostile-${labels++}`;
    await service.ask('PUT', labelPath(label), { source: kind.spec(server.origin), every: '7d' });
    const { artifactId } = await readNow(label);
    expect(artifactId).not.toBeNull();

    server.speak = speak;
    const answered = await readNow(label);
    expect(answered.error?.code ?? null).toBe(code);
    expect(answered.artifactId).toBe(code === null ? artifactId : null);
    const { current, watch } = (await service.ask('GET', labelPath(label))).json;
    expect(current.artifactId).toBe(artifactId);
    expect(watch.consecutiveFailures).toBe(code === null ? 0 : 1);
    expect(watch.lastError).toEqual(answered.error);
    if (code !== null) {
      expect(watch.lastError.message).toMatch(words);
      expect(watch.lastError.message).toContain('says nothing about');
    }

    server.speak = kind.truth;
    expect(await readNow(label)).toMatchObject({ artifactId, error: null });
    const { tenures, changes } = (await service.ask('GET', labelPath(label, '/timeline'))).json;
    expect(changes.map(({ kind }: { kind: string }) => kind)).toEqual(['first_seen']);
    expect(tenures).toMatchObject([{ artifactId, ended: null }]);
  });
});

it('is counted, each failed reading under its code', async () => {
  const { text } = await service.ask('GET', '/metrics');
  const lines = text.matchAll(
    /^underlabel_readings_total\{outcome="failed",code="(.*)"\} (\d+)$/gm,
  );
  const counted = [...lines].map(([, code, times]) => [code, Number(times)]);
  const told = Map.groupBy(failures, (code) => code);
  expect(Object.fromEntries(counted)).toEqual(
    Object.fromEntries([...told].map(([code, all]) => [code, all.length])),
  );
});

/** An observation, made now. */
async function readNow(label: string) {
  const { status, json } = await service.ask('POST', labelPath(label, '/observations'));
  expect(status).toBe(201);
  if (json.error) failures.push(json.error.code);
  return json;
}
