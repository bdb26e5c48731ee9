/** Diffs, end to end: two sides of one label's traces, by artifact, by blob or by period. */
import { beforeAll, describe, expect, it } from 'vitest';
import { severalArtifacts } from '../../src/contract/saved-diff.ts';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { blobNamed, filesNamed, labelPath, sharedService } from './service-under-test.ts';

const service = sharedService();
const LABEL = 'og/volatility';
const BASE = Date.parse('2026-11-17T10:00:00Z');
const at = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();
const idOf = (name: string) =>
  artifactIdOf(filesNamed(name).map((file) => ({ ...file, size: null })));
const diff = (body: unknown) => service.ask('POST', '/api/v1/diffs', body);
const between = (before: unknown, after: unknown, over = {}) =>
  diff({ label: LABEL, before, after, ...over });
const period = (from: number, to: number) => ({ from: at(from), to: at(to) });
const [OLD, NEW] = [{ artifact: idOf('a') }, { artifact: idOf('b') }];

/** Artifact a until 100 s, b from 110 s on, which no reading confirms after 200 s. */
beforeAll(async () => {
  await service.ask('PUT', labelPath(LABEL), { source: { kind: 'push' }, clockSkew: '0s' });
  for (const [artifact, second] of [
    ['a', 0],
    ['a', 100],
    ['b', 110],
    ['b', 200],
  ] as const) {
    const times = { requestedAt: at(second), receivedAt: at(second) };
    await service.ask('POST', labelPath(LABEL, '/observations?backfill=true'), {
      ...times,
      files: filesNamed(artifact),
    });
  }
  const trace = (second: number, input: number, decision: string, output: unknown) => ({
    id: `${second}`,
    label: LABEL,
    startedAt: at(second),
    endedAt: at(second),
    input,
    decision,
    output,
  });
  await service.ask('POST', '/api/v1/traces', {
    traces: [
      trace(10, 1, 'HOLD', { p: 0.25 }),
      trace(20, 2, 'HOLD', { p: 0.5 }),
      trace(30, 3, '__proto__', { p: 0.75 }),
      trace(105, 1, 'HOLD', { p: 0.1 }),
      trace(120, 1, 'CLEAR', { p: 0.75 }),
      trace(130, 2, 'HOLD', { p: 0.5 }),
      trace(140, 3, 'constructor', { p: 0.75 }),
      trace(300, 1, 'CLEAR', { p: 0.8 }),
      // Enough inputs for a verdict.
      ...[4, 5, 6, 7, 8].flatMap((input) => [
        trace(40 + input, input, 'HOLD', { p: 0.5 }),
        trace(140 + input, input, 'CLEAR', { p: 0.5 }),
      ]),
    ],
  });
});

describe('a diff', () => {
  it('by artifact pairs the same inputs', async () => {
    const { status, json } = await between(OLD, NEW);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      label: LABEL,
      verdict: 'changed',
      before: { asked: OLD, traces: 8, inputs: 8, from: at(10), to: at(48) },
      after: { asked: NEW, traces: 8, inputs: 8, from: at(120), to: at(148) },
      pairs: { inputs: 8, onlyBefore: 0, onlyAfter: 0 },
      decisions: { compared: 8, flipped: 7, mixed: 0 },
      outputs: { compared: 8, changed: 1, partly: 0 },
    });
    expect(json.before.artifacts).toEqual([
      { artifactId: idOf('a'), blobIds: [blobNamed('a')], traces: 8, share: 1 },
    ]);
    expect(json.decisions.matrix).toContainEqual({ before: 'HOLD', after: 'CLEAR', inputs: 6 });
    expect(json.decisions.matrix).toContainEqual({
      before: '__proto__',
      after: 'constructor',
      inputs: 1,
    });
    expect(json.cases[0]).toMatchObject({ flipped: true, largestStep: 0.5 });
    expect(json.summary).not.toMatch(/because/i);
  });

  it('says what it leaves out, and why', async () => {
    const { json } = await between(OLD, NEW);
    expect(json.before.leftOut).toEqual([{ reason: 'ambiguous', traces: 1 }]);
    expect(json.after.leftOut).toEqual(
      expect.arrayContaining([
        { reason: 'ambiguous', traces: 1 },
        { reason: 'provisional', traces: 1 },
      ]),
    );
    expect(json.notes.join('\n')).toContain('not compared: 1 of 9 (1 ambiguous)');
  });

  it('counts provisional traces where it is asked to, and says so', async () => {
    const { json } = await between(OLD, NEW, { includeProvisional: true });
    expect(json.after).toMatchObject({ traces: 9, to: at(300) });
    expect(json.after.leftOut).toEqual([{ reason: 'ambiguous', traces: 1 }]);
    expect(json.notes.join('\n')).toMatch(/provisional/i);
  });

  it('by blob is the diff by the artifact that holds it', async () => {
    const byBlob = await between({ blobId: blobNamed('a') }, { blobId: blobNamed('b') });
    const byArtifact = await between(OLD, NEW);
    const { id, query, before, after, ...rest } = byArtifact.json;
    const sides = { before: { blobId: blobNamed('a') }, after: { blobId: blobNamed('b') } };
    expect(byBlob.json).toEqual({
      ...rest,
      id: expect.not.stringContaining(id),
      query: { ...query, ...sides },
      before: { ...before, asked: sides.before },
      after: { ...after, asked: sides.after },
    });
  });

  it('by period counts what began in it, its end not included', async () => {
    const { json } = await between(period(0, 30), period(120, 141));
    expect(json.before).toMatchObject({ traces: 2, from: at(10), to: at(20) });
    expect(json.after).toMatchObject({ traces: 3, leftOut: [] });
    expect(json.pairs).toMatchObject({ inputs: 2, onlyBefore: 0, onlyAfter: 1 });
  });

  it('by a period of several artifacts is refused, with their shares', async () => {
    const { status, json, headers } = await between(period(0, 200), period(120, 200));
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(severalArtifacts.parse(json)).toMatchObject({
      type: 'urn:underlabel:problem:several-artifacts',
      side: 'before',
      artifacts: [
        { traces: 8, share: 0.5 },
        { traces: 8, share: 0.5 },
      ],
    });
    expect(json.artifacts.map(({ artifactId }: { artifactId: string }) => artifactId)).toEqual(
      expect.arrayContaining([idOf('a'), idOf('b')]),
    );
    expect(json.detail).toContain('across');
  });

  it('across several artifacts says that its side is mixed', async () => {
    const { status, json } = await between(period(0, 200), period(120, 200), { across: true });
    expect(status).toBe(200);
    expect(json.before.artifacts.length).toBe(2);
    expect(json.notes).toContainEqual(expect.stringMatching(/before side mixes 2 artifacts/));
    expect(json.notes).toContainEqual(expect.stringMatching(/overlap/));
  });

  it('by named fields compares those first', async () => {
    const { json } = await between(OLD, NEW, { fields: [{ path: '$.p', kind: 'number' }] });
    const named = json.columns.find(({ name }: { name: string }) => name === '$.p');
    expect(named).toMatchObject({ family: 'first', kind: 'number', typed: 'asked' });
  });

  it('of a side with itself is identical, and of nothing has no data', async () => {
    expect((await between(OLD, OLD)).json.verdict).toBe('identical');
    expect((await between(period(-100, -50), NEW)).json).toMatchObject({
      verdict: 'no-data',
      before: { traces: 0, inputs: 0, artifacts: [], from: null, to: null },
    });
  });
});

describe('a side', () => {
  it.each([
    [{ artifact: 'sha256:0' }, 'before.artifact'],
    [{ artifact: `sha256:${'0'.repeat(64)}` }, 'before.artifact'],
    [{ blobId: blobNamed('never') }, 'before.blobId'],
    [{ blobId: `${blobNamed('a')}=` }, 'before.blobId'],
    [{ from: at(1), to: at(0) }, 'before.to'],
    [{ from: at(1), to: at(1) }, 'before.to'],
    [{ from: 'tuesday', to: at(1) }, 'before.from'],
    [{ from: at(1) }, 'before.to'],
    [{ artifact: idOf('a'), bogus: 1 }, 'before.bogus'],
    ['tuesday', 'before'],
    [null, 'before'],
  ])('%j is refused by %s', async (before, path) => {
    const { status, json } = await between(before, NEW);
    expect(status).toBe(400);
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual([path]);
  });

  it('that another label held is none of this one', async () => {
    await service.ask('PUT', labelPath('other'), { source: { kind: 'push' } });
    await service.ask('POST', labelPath('other', '/observations'), { files: filesNamed('c') });
    const { status, json } = await between(OLD, { artifact: idOf('c') });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ path: 'after.artifact' }]);
    expect(json.detail).toContain('never held');
  });
});
