import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, run, service } from './underlabel.ts';

const BLOB = { first: `${'A'.repeat(43)}`, second: `${'A'.repeat(42)}E` };

const manifest = (blobId: string) => JSON.stringify({ files: [{ path: 'model.onnx', blobId }] });
const day = (date: number, time = '00:00:00') => `2026-11-${date}T${time}Z`;

/** Tuesday 17 under the first artifact, Thursday 19 under the second; what lies between is ambiguous. */
async function movedLabel() {
  const stand = await service();
  await fetch(`${stand.url}/api/v1/labels/acme%2Frisk`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ source: { kind: 'push' } }),
  });
  for (const [date, blobId] of [
    [17, BLOB.first],
    [18, BLOB.first],
    [19, BLOB.second],
    [20, BLOB.second],
  ] as const) {
    const files = [{ path: 'model.onnx', blobId }];
    const reading = { requestedAt: day(date), receivedAt: day(date), files };
    await stand.post('labels/acme%2Frisk/observations?backfill=true', reading);
  }
  return stand;
}

const trace = (id: string, date: number, input: number, decision: string) => ({
  id,
  label: 'acme/risk',
  startedAt: day(date, '10:00:00'),
  endedAt: day(date, '10:00:01'),
  input: { n: input },
  output: { risk: input + date },
  decision,
});

describe('labels', () => {
  it('are added, read, shown and removed', async () => {
    const { cwd, underlabel, alone } = await service();
    await writeFile(join(cwd, 'risk.json'), manifest(BLOB.first));
    const add = ['label', 'add', 'acme/risk', '--source', 'manifest', '--every', '1h'];
    // As under npm, where the process stands in the package and INIT_CWD says where the person does.
    const added = await alone([...add, '--manifest-url', 'risk.json'], {
      cwd: import.meta.dirname,
      env: { INIT_CWD: cwd },
    });
    expect(added.out).toBe('added acme/risk: its manifest is read every 1h\n');

    await underlabel(['observe', 'acme/risk']);
    const same = await underlabel(['observe', 'acme/risk']);
    expect([same.code, same.out]).toEqual([
      0,
      expect.stringMatching(/^same: acme\/risk has sha256/),
    ]);

    await writeFile(join(cwd, 'risk.json'), manifest(BLOB.second));
    const changed = await underlabel(['observe', 'acme/risk']);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(
      /^changed: .*\n {2}before {2}sha256:\w{64}\n {2}now {5}sha256:\w{64}\n$/,
    );

    await writeFile(join(cwd, 'risk.json'), 'not a manifest');
    const failed = await underlabel(['observe', 'acme/risk']);
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('nothing new is known')]);

    const ls = await underlabel(['label', 'ls']);
    expect(ls.out).toMatch(
      /^LABEL +UNDER IT +BYTES +SINCE, AT LATEST +CONFIRMED +WATCH\nacme\/risk +sha256:\w{12} +UNCHECKED .*UTC \(.*\) +failing 1× \(.+\)\n$/,
    );

    const show = await underlabel(['label', 'show', 'acme/risk']);
    expect(show.out).toMatch(/moved {2}sha256:\w{12} -> sha256:\w{12}\n {4}happened {3}between /);

    const removed = await underlabel(['label', 'rm', 'acme/risk']);
    expect([removed.code, removed.out]).toEqual([0, expect.stringContaining('its history stays')]);
  });

  it('are told apart from what was probably meant', async () => {
    const { underlabel } = await movedLabel();
    const { code, out, err } = await underlabel(['label', 'show', 'acme/rsik']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe("underlabel: no label 'acme/rsik'; did you mean 'acme/risk'?\n");
  });

  it('need what their source needs, before anything is asked', async () => {
    const { code, err } = await run([
      'label',
      'add',
      'x',
      '--source',
      'model-hub',
      '--every',
      '1m',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('a model-hub source needs --model');
  });
});

describe('at', () => {
  it('ends with 0 for one artifact, 1 for several, 3 where nothing is known', async () => {
    const { alone } = await movedLabel();
    const [one, several, unknown] = await Promise.all(
      [day(17, '12:00:00'), day(18, '12:00:00'), day(16)].map((time) =>
        alone(['at', 'acme/risk', time]),
      ),
    );
    expect([one!.code, several!.code, unknown!.code]).toEqual([0, 1, 3]);
    expect(one!.out).toMatch(/^bracketed: read at 2026-11-17 00:00:00 before and 2026-11-18/);
    expect(several!.out).toMatch(/^ambiguous: it changed between .* one of 2: sha256/);
    expect(unknown!.out).toMatch(/^unobserved: /);
  });
});

describe('traces', () => {
  it('are imported from a file, and what is wrong is named by its line', async () => {
    const { cwd, underlabel, alone } = await movedLabel();
    const good = trace('t1', 18, 1, '\x1b[31mHO\u202eLD');
    await writeFile(join(cwd, 't.ndjson'), `${JSON.stringify(good)}\n{"label":"acme/risk"}\n`);
    const imported = await underlabel(['traces', 'import', 't.ndjson']);
    expect(imported.code).toBe(1);
    expect(imported.out).toBe('1 accepted, 0 duplicates, 1 rejected (t.ndjson)\n');
    expect(imported.err).toMatch(/^t\.ndjson:2: startedAt: .+\n$/);

    const again = await alone(['traces', 'import', '-'], { stdin: JSON.stringify(good) });
    expect([again.code, again.out]).toEqual([0, '0 accepted, 1 duplicates, 0 rejected (stdin)\n']);

    const ls = await underlabel(['traces', 'ls', '--certainty', 'ambiguous']);
    expect(ls.out).toContain('one of 2  ambiguous  \\u{1b}[31mHO\\u{202e}LD  t1\n');

    const show = await underlabel(['traces', 'show', 't1']);
    expect(show.out).toContain('ambiguous: it changed between 2026-11-18 00:00:00 and 2026-11-19');
    expect(show.out).toContain('output\n{\n  "risk": 19\n}\n');
  });

  it('are listed over pages until the limit', async () => {
    const { alone, post } = await movedLabel();
    const traces = Array.from({ length: 1000 }, (_, i) => trace(`t${i}`, 17, i, 'CLEAR'));
    await post('traces', { traces });
    await post('traces', { traces: [trace('last', 17, 0, 'CLEAR')] });
    const all = await alone(['traces', 'ls', '--limit', '5000', '--json']);
    const { items, nextCursor } = JSON.parse(all.out) as { items: unknown[]; nextCursor: unknown };
    expect([items.length, nextCursor]).toEqual([1001, null]);
  });

  it('that can not be sent end the import with how far it came', async () => {
    const cwd = await folder();
    const gone = await run(['traces', 'import', 'missing.ndjson'], { cwd });
    expect(gone.code).toBe(2);
    expect(gone.err).toContain("missing.ndjson: the import stopped: it can't be read (ENOENT)");
    expect(gone.err).toContain('No line was answered for.');
  });
});

describe('diff', () => {
  /** Eight inputs flip from Tuesday to Thursday, at ten; one does at noon. */
  async function flipped() {
    const stand = await movedLabel();
    const eight = Array.from({ length: 8 }, (_, i) => [
      trace(`b${i}`, 17, i, 'CLEAR'),
      trace(`a${i}`, 19, i, 'HOLD'),
    ]).flat();
    const noon = { startedAt: day(19, '12:00:00'), endedAt: day(19, '12:00:01') };
    await stand.post('traces', { traces: [...eight, { ...trace('n', 19, 0, 'HOLD'), ...noon }] });
    const diff = (...args: string[]) => stand.underlabel(['diff', ...args]);
    const sides = (before: string, after: string, ...more: string[]) =>
      diff('acme/risk', '--before', before, '--after', after, ...more);
    return { diff, sides, alone: stand.alone };
  }

  it('ends with 1 where something changed, 0 where nothing did, 3 where too little is known', async () => {
    const { sides } = await flipped();
    const changed = await sides('2026-11-17', '2026-11-19T09:00/2026-11-19T11:00');
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/^CHANGED: .*\nacme\/risk: 8 shared inputs between /);
    expect(changed.out).toContain(
      'after   2026-11-19T09:00/2026-11-19T11:00 = 2026-11-19 09:00:00',
    );
    expect(changed.out).toContain('CLEAR -> HOLD, flipped');
    expect((await sides('2026-11-17', BLOB.first)).code).toBe(0);
    const few = await sides('2026-11-17', '2026-11-19T12:00/2026-11-19T13:00');
    expect([few.code, few.out]).toEqual([3, expect.stringMatching(/^TOO LITTLE TO TELL/)]);
    const none = await sides('2026-11-16', '2026-11-19');
    expect([none.code, none.out]).toEqual([3, expect.stringMatching(/^NOTHING TO COMPARE/)]);
  });

  it('shows a saved one again by its id alone, and says what is meant by a field that is nowhere', async () => {
    const { diff, sides, alone } = await flipped();
    const made = await sides('2026-11-17', '2026-11-19', '--field', '$.rsk');
    expect(made.out.replace(/\s+/g, ' ')).toContain(
      'No output has anything at $.rsk (is $.risk meant?)',
    );
    const [id] = /d_[0-9a-f]{24}/.exec(made.out)!;
    const [again, named, other, both] = await Promise.all([
      alone(['diff', '--id', id!]),
      diff('acme/risk', '--id', id!),
      diff('acme/other', '--id', id!),
      diff('--id', id!, '--before', 'tuesday'),
    ]);
    expect([again!.code, named!.code]).toEqual([1, 1]);
    expect(again!.out).toContain(id);
    expect([other!.code, other!.out]).toEqual([2, '']);
    expect(other!.err).toContain(`${id} is a diff of acme/risk, and not of acme/other`);
    expect([both!.code, both!.err]).toEqual([2, expect.stringContaining('--id stands alone')]);
  });
});

describe('blob-id', () => {
  it('computes the ID of local bytes, and names what has none', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'one-byte'), Buffer.of(42));
    const { code, out, err } = await run(['blob-id', 'one-byte', 'missing'], { cwd });
    expect(code).toBe(2);
    // From the vectors of the Walrus SDK.
    expect(out).toBe('0niAAmr9-Q_YFFeP-P6wFZtbwUhk-b7hPwAfCPvW2VE  one-byte\n');
    expect(err).toBe(
      "underlabel: missing has no Blob ID here: it can't be opened (ENOENT). Check the path.\n",
    );
  });
});
