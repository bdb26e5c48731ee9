/** The cases of vectors/attribution.json once more, through the API. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { blobNamed, labelPath, serviceUnderTest } from './service-under-test.ts';

interface Case {
  name: string;
  observations: {
    requestedAt: number;
    receivedAt: number;
    outcome: string;
    artifact: string | null;
  }[];
  tenures: Record<string, unknown>[];
  changes: Record<string, unknown>[];
  traces: { start: number; end: number; [key: string]: unknown }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../vectors/attribution.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const BASE = Date.parse('2026-11-17T10:00:00Z');
const at = (ms: number) => new Date(BASE + ms).toISOString();
const atOrNull = (ms: number | null) => (ms === null ? null : at(ms));
const filesOf = (letter: string) => [{ path: 'model.onnx', blobId: blobNamed(letter), size: null }];
const idOf = (letter: string | null) => (letter === null ? null : artifactIdOf(filesOf(letter)));
const window = (w: { after: number | null; before: number | null } | null) =>
  w && { after: atOrNull(w.after), before: atOrNull(w.before) };

describe('the attribution vectors through HTTP', () => {
  it.each(cases)('$name', async ({ observations, tenures, changes, traces }) => {
    const { ask } = await serviceUnderTest();
    await ask('PUT', labelPath('og/model'), { source: { kind: 'push' }, clockSkew: '0s' });
    for (const { requestedAt, receivedAt, outcome, artifact } of observations) {
      if (outcome === 'failed') continue;
      const said = outcome === 'absent' ? { absent: true } : { files: filesOf(artifact!) };
      const body = { requestedAt: at(requestedAt), receivedAt: at(receivedAt), ...said };
      const path = labelPath('og/model', '/observations?backfill=true');
      expect((await ask('POST', path, body)).status).toBe(201);
    }
    const { json } = await ask('GET', labelPath('og/model', '/timeline'));
    expect(json.tenures).toMatchObject(
      tenures.map(({ artifact, began, ended, firstSeenAt, lastConfirmedAt, ...rest }) => ({
        ...rest,
        artifactId: idOf(artifact as string),
        firstSeenAt: at(firstSeenAt as number),
        lastConfirmedAt: at(lastConfirmedAt as number),
        began: window(began as never),
        ended: window(ended as never),
      })),
    );
    expect(json.changes).toMatchObject(
      changes.map(({ kind, from, to, after, before }) => ({
        kind,
        from: idOf(from as string | null),
        to: idOf(to as string | null),
        ...window({ after, before } as never),
      })),
    );
    for (const probe of traces) {
      const query = `time=${at(probe.start)}&until=${at(probe.end)}`;
      const found = (await ask('GET', labelPath('og/model', `/at?${query}`))).json;
      expect(found, `${probe.start}–${probe.end}`).toMatchObject({
        certainty: probe.certainty,
        observed: probe.certainty,
        artifactId: idOf(probe.artifact as string | null),
        candidates: (probe.candidates as (string | null)[]).map(idOf),
        window: window(probe.window as never),
        conflict: false,
      });
    }
  });
});
