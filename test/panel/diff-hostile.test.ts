/** Reports that strangers' models filled to the brim: the page stays small, inert, and says what it leaves out. */
import { expect, it } from 'vitest';
import type { Report } from '../../src/contract/diff.ts';
import { column, HOSTILE, madeReport, numbers, oneCase, test } from '../diff/made-report.ts';
import { appUnderTest } from '../http/app-under-test.ts';
import { PUSHED, START } from '../store/opened.ts';

const LABEL = 'og/hostile';
const UNSEEN = '\u202e\u202c\u200b\u2028\u0000\u0007\u001b';
const html = { accept: 'text/html' };
/** As long as a report's texts get. */
const nasty = (i: number, most: number) =>
  `${HOSTILE[i % (HOSTILE.length - 1)]}<\u202e"'&`.repeat(most).slice(0, most);

function fullReport(): Report {
  const names = Array.from({ length: 50 }, (_, i) => `${i}${nasty(i, 200)}`);
  const matrix = Array.from({ length: 1000 }, (_, i) => ({
    ...{ before: names[i % 50]!, after: names[(i * 7 + 1) % 50]!, inputs: 1000 - i },
    differs: true,
    cases: i < 10 ? Array.from({ length: 20 }, () => pairOf(i)) : [],
  }));
  const rows = names.map((name) => ({ name, before: 1, after: 2 }));
  const tests = Array.from({ length: 8 }, (_, i) => test({ rule: 'r'.repeat(150 + i) }));
  const paths = Array.from({ length: 30 }, (_, i) => ({
    ...{ path: nasty(i, 200), pairs: 9, changed: 3, added: 3, removed: 3, rate: 1 },
  }));
  const full = (i: number) =>
    column({
      ...{ name: names[i]!, sentence: nasty(i, 2000), tests },
      ...(i % 2 === 0 ? { matrix, distribution: { kind: 'labels', rows } } : { paths }),
    });
  const text = (i: number, most: number) => nasty(i, most);
  const side = (i: number) => ({
    ...{ decision: names[i]!, output: text(i, 2000), runs: 5 },
    traceIds: Array.from({ length: 5 }, (_, j) => `${j}${nasty(j, 190)}`),
  });
  const cases = Array.from({ length: 20 }, (_, i) =>
    oneCase({
      ...{ input: text(i, 2000), context: text(i, 900), turn: 3, before: side(i), after: side(i) },
      words: Array.from({ length: 300 }, (_, j) => ({
        op: (['same', 'removed', 'added'] as const)[j % 3]!,
        text: nasty(j, 50),
      })),
      paths: Array.from({ length: 20 }, (_, j) => {
        return { path: nasty(j, 200), before: nasty(j, 200), after: null };
      }),
    }),
  );
  return madeReport({
    ...{ id: `d_${'a'.repeat(24)}`, label: LABEL, cases },
    columns: [
      ...Array.from({ length: 20 }, (_, i) => full(i)),
      ...Array.from({ length: 33 }, (_, i) => numbers({ name: names[i]!, family: 'found' })),
    ],
    notes: Array.from({ length: 12 }, (_, i) => nasty(i, 900)),
    skipped: Array.from({ length: 200 }, (_, i) => ({
      ...{ path: nasty(i, 300), reason: 'rare' as const, distinct: 4, runs: 9, atLeast: true },
    })),
    slices: Array.from({ length: 20 }, (_, i) => ({
      ...{ column: 'decision', field: nasty(i, 100), value: nasty(i, 200), inputs: 9 },
      ...{ differing: 4, rate: 0.5, restRate: 0.1, p: 0.001, q: 0.01, stands: true },
    })),
  });
}

function pairOf(i: number) {
  return { before: `before-${i}`, after: `after-${i}` };
}

it('stays under 100 KB, inert, in whole and in each of its parts', async () => {
  const { store, ask, errors } = await appUnderTest();
  await store.putLabel(LABEL, PUSHED, START);
  const report = fullReport();
  const { id, verdict } = report;
  const asked = JSON.stringify({ artifact: `sha256:${'a'.repeat(64)}` });
  const bytes = new TextEncoder().encode(JSON.stringify(report));
  const kept = { id, label: LABEL, verdict, summary: nasty(0, 2000), named: [], hold: null };
  await store.saveDiff({ ...kept, before: asked, after: asked, report: bytes }, START);
  const parts = [
    '',
    '?all=columns',
    '?all=cases',
    '?all=slices',
    '?column=0',
    '?case=3',
    '?column=0&cell=2',
  ];
  const sizes: [path: string, bytes: number][] = [];
  for (const path of [...parts.map((part) => `/diffs/${id}${part}`), '/diffs']) {
    const { status, text } = await ask('GET', path, undefined, html);
    sizes.push([path, Buffer.byteLength(text)]);
    expect(status, path).toBe(200);
    expect(text, path).not.toMatch(/<script>|<img|<evil|javascript:alert\(1\)"| style=/);
    expect(
      [...UNSEEN].filter((char) => text.includes(char)),
      path,
    ).toEqual([]);
  }
  expect(sizes.filter(([, bytes]) => bytes >= 100_000)).toEqual([]);
  expect(errors).toEqual([]);
});
