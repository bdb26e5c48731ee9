import { describe, expect, it } from 'vitest';
import type { Report, Verdict } from '../../src/contract/diff.ts';
import { reportText } from '../../src/diff/report/canonical.ts';
import { cell, column, madeReport } from '../diff/made-report.ts';
import { answering, problem } from './answering.ts';
import { run } from './underlabel.ts';

const SIDES = ['--before', '2026-11-17', '--after', '2026-11-19'];

/** A service that answers every question with this report, and keeps the questions. */
async function reporting(report: Report) {
  const asked: { method: string; url: string; body: string }[] = [];
  const url = await answering((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      asked.push({ method: request.method!, url: request.url!, body });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(reportText(report));
    });
  });
  const diff = (...args: string[]) => run(['diff', ...args], { env: { UNDERLABEL_URL: url } });
  return { asked, diff };
}

describe('the diff command', () => {
  it('asks for what its options say, and leaves to the service what they do not', async () => {
    const { asked, diff } = await reporting(madeReport());
    await diff('acme/risk', ...SIDES);
    await diff(
      'acme/risk',
      ...SIDES,
      ...['--field', '$.score', '--field', "$['a:b'].x:label", '--no-discover', '--across'],
      ...['--min-effect', '2.5', '--seed', '7', '--hold', '--include-provisional'],
    );
    const bodies = asked.map(({ body }) => JSON.parse(body) as object);
    const label = 'acme/risk';
    const before = { from: '2026-11-17T00:00:00.000Z', to: '2026-11-18T00:00:00.000Z' };
    const after = { from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' };
    expect(bodies[0]).toEqual({ label, before, after });
    expect(bodies[1]).toEqual({
      ...{ label, before, after, discover: false, across: true, minEffect: 2.5, seed: 7 },
      fields: [{ path: '$.score' }, { path: "$['a:b'].x", kind: 'label' }],
      hold: true,
      includeProvisional: true,
    });
  });

  it('ends with 0, 1 or 3 as the verdict has it, in every format', async () => {
    const codes: [Verdict, number][] = [
      ['identical', 0],
      ['no-evidence', 0],
      ['changed', 1],
      ['changed-but-small', 1],
      ['insufficient', 3],
      ['no-data', 3],
    ];
    const formats = ['terminal', 'json', 'markdown', 'html', 'junit', 'terminal'];
    const ended = await Promise.all(
      codes.map(async ([verdict], i) => {
        const { diff } = await reporting(madeReport({ columns: [column({ verdict })], verdict }));
        return (await diff('acme/risk', ...SIDES, '--format', formats[i]!)).code;
      }),
    );
    expect(ended).toEqual(codes.map(([, code]) => code));
  });

  it('prints the service’s own JSON, a document, or a page', async () => {
    const report = madeReport();
    const { diff } = await reporting(report);
    const [json, format, html, junit, page] = await Promise.all([
      diff('x', ...SIDES, '--json'),
      diff('x', ...SIDES, '--format', 'json'),
      diff('x', ...SIDES, '--format', 'html'),
      diff('x', ...SIDES, '--format', 'junit'),
      diff('x', ...SIDES),
    ]);
    expect(JSON.parse(json!.out)).toEqual(report);
    expect(format!.out).toBe(json!.out);
    expect(html!.out).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(junit!.out).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/);
    expect(page!.out).toMatch(/^CHANGED: /);
    expect(page!.out).toContain('before  2026-11-17 = 2026-11-17 00:00:00');
  });

  it('shows a saved diff by its id', async () => {
    const { asked, diff } = await reporting(madeReport());
    const { code, out } = await diff('--id', madeReport().id);
    expect(asked).toMatchObject([{ method: 'GET', url: `/api/v1/diffs/${madeReport().id}` }]);
    expect(code).toBe(1);
    expect(out).toContain('before  2026-11-17T00:00:00.000Z to 2026-11-18T00:00:00.000Z');
  });

  it('says before anything is asked what is wrong with its options', async () => {
    const { asked, diff } = await reporting(madeReport());
    const [field, points, id, side, name] = await Promise.all([
      diff('x', ...SIDES, '--field', 'score'),
      diff('x', ...SIDES, '--min-effect', '0'),
      diff('--id', '../labels'),
      diff('x', '--before', '2026-11-17'),
      diff(...SIDES),
    ]);
    expect(field!.err).toContain("Expected a path like '$.score'");
    expect(points!.err).toContain('Expected points (hundredths) above 0');
    expect(id!.err).toContain("is no id of a diff: that is 'd_' and 24 hex digits");
    expect(side!.err).toContain('--after is missing: a diff has two sides');
    expect(name!.err).toContain('no label is named');
    for (const ended of [field, points, id, side, name]) expect(ended!.code).toBe(2);
    expect(asked).toEqual([]);
  });

  it('names the artifacts of a period that has several, and how to go on', async () => {
    const artifacts = ['a', 'b'].map((digit, i) => {
      return {
        artifactId: `sha256:${digit.repeat(64)}`,
        traces: 30 - 20 * i,
        share: i ? 0.25 : 0.75,
      };
    });
    const url = await answering(
      problem(409, {
        title: 'Several artifacts are mixed',
        detail: 'long',
        side: 'after',
        artifacts,
      }),
    );
    const { code, err } = await run(['diff', 'x', ...SIDES], { env: { UNDERLABEL_URL: url } });
    expect(code).toBe(2);
    expect(err).toBe(
      [
        'underlabel: the after side is a period in which 2 artifacts answered, so nothing was compared:',
        `  sha256:${'a'.repeat(64)}  75 %, 30 traces`,
        `  sha256:${'b'.repeat(64)}  25 %, 10 traces`,
        `Compare by artifact (--after sha256:${'a'.repeat(64)}), name a period of one artifact, or allow the mix with --across.`,
        '',
      ].join('\n'),
    );
  });

  it('prints hostile labels without letting them act', async () => {
    const matrix = [cell('\x1b[2J\u202eDLOH', 'HOLD', 5)];
    const { diff } = await reporting(madeReport({ columns: [column({ matrix })] }));
    const { out } = await diff('x', ...SIDES);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
