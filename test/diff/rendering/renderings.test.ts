import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/contract/diff.ts';
import {
  HTML_STYLE,
  html,
  junit,
  markdown,
  outcomeOfVerdict,
} from '../../../src/diff/rendering/index.ts';
import { cell, column, HOSTILE, madeReport, numbers, oneCase, reports } from '../made-report.ts';

/** A report in which one text stands wherever a model or user can put one. */
function saying(text: string): Report {
  const side = { decision: text, output: text, traceIds: [text], runs: 2 };
  return madeReport({
    columns: [
      column({
        name: text,
        matrix: [cell(text, 'HOLD', 3, { cases: [{ before: text, after: text }] })],
        traffic: { of: text, total: 1, behaviour: 1, mix: 0, shared: 0.5 },
        direction: {
          answer: 'yes',
          effects: [{ of: text, unit: 'points', value: 1, lo: null, hi: null }],
        },
      }),
      numbers({ paths: [{ path: text, pairs: 2, changed: 1, added: 0, removed: 0, rate: 0.5 }] }),
    ],
    cases: [
      oneCase({
        input: text,
        context: text,
        turn: 3,
        outcome: { column: text, before: text, after: text },
        before: side,
        after: side,
        words: [{ op: 'added', text }],
        paths: [{ path: text, before: text, after: null }],
      }),
    ],
    slices: [
      {
        column: text,
        field: text,
        value: text,
        inputs: 9,
        differing: 5,
        rate: 0.5,
        restRate: null,
        p: 0.5,
        q: 0.5,
        stands: false,
      },
    ],
    notes: [text],
  });
}

describe('the HTML', () => {
  it('has no tag that is not its own, whatever is said in it', () => {
    const own = new Set(html(saying('plain')).match(/<[^>]*>/g));
    for (const text of HOSTILE) {
      const tags = html(saying(text))
        .replace(HTML_STYLE, '')
        .match(/<[^>]*>/g)!;
      const strange = tags.filter((tag) => !own.has(tag) && tag !== '<style>');
      expect(strange).toEqual([]);
    }
  });

  it('loads nothing, runs nothing, and has one style, the exported one', () => {
    const page = html(saying('<script src=//evil.example></script>'));
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form)|\son\w+=|style=|@import|url\(/);
    expect(page.match(/<style>([\s\S]*?)<\/style>/)![1]).toBe(HTML_STYLE);
    for (const [, href] of page.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^#/);
  });

  it('leads from a cell of the matrix to its traces', () => {
    const page = html(madeReport());
    const [, id] = /<a href="#(column-0-\d+)">31<\/a>/.exec(page)!;
    expect(page).toContain(`<details id="${id}">`);
    expect(page).toContain('<code><bdi>t-1</bdi></code>');
  });

  it('shows what can not be seen, and nothing that turns the line around', () => {
    const page = html(saying('\u202eDLOH\u0000\u200b'));
    expect(page).toContain('\\u{202e}DLOH\\u{0}\\u{200b}');
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});

describe('the Markdown', () => {
  it('lets no markup through, outside code or in it', () => {
    for (const text of HOSTILE) {
      const bare = outsideCode(markdown(saying(text)));
      expect(bare).not.toMatch(
        /<|(?<!\\)[[\]]|(?<!\\)[*_~](?![*\s|]|\*)evil|@everyone|https?:\/\/|www\.evil/,
      );
      expect(bare).not.toMatch(/^(?!\| )\s*(# title|> quote)/m);
    }
  });

  it('keeps each row of a table in one line with as many cells as its head', () => {
    for (const text of HOSTILE) {
      for (const table of markdown(saying(text)).matchAll(/(?:^\|.*\n)+/gm)) {
        const cells = table[0]
          .trim()
          .split('\n')
          .map((line) => line.split('|').length);
        expect(new Set(cells).size).toBe(1);
      }
    }
  });

  it('shows backticks inside a longer fence', () => {
    expect(markdown(saying('``x`'))).toContain('``` ``x` ```');
  });

  it('says the sentence, the effects, the tests and why each was chosen', () => {
    const text = markdown(madeReport());
    expect(text).toContain('31 CLEAR→HOLD and 6 HOLD→CLEAR');
    expect(text).toContain(
      '| `decision` | changed | `CLEAR −6.1 points [−8.9, −3.1]` | 9 % | 1.2 % | 0.0004 |',
    );
    expect(text).toMatch(
      /\| mcnemar-exact \| direction \| b = 31, c = 6 \| 412 \| 0\.0004 .*exact McNemar over inputs that flipped \|/,
    );
  });
});

describe('the JUnit XML', () => {
  it('is well-formed, whatever is said in it', () => {
    for (const text of HOSTILE) {
      const xml = junit(saying(text));
      expect(balanced(xml)).toBe(true);
      expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
      expect(xml.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
    }
  });

  it('never disagrees with the verdict: failures where it changed, errors alone where too little is known', () => {
    fc.assert(
      fc.property(reports(), (report) => {
        const xml = junit(report);
        const count = (name: string) =>
          Number(new RegExp(`<testsuite .*?${name}="(\\d+)"`).exec(xml)![1]);
        const told = count('failures') > 0 ? 'changed' : count('errors') > 0 ? 'unknown' : 'same';
        expect(told).toBe(outcomeOfVerdict(report.verdict));
        expect(xml.match(/<failure /g)?.length ?? 0).toBe(count('failures'));
        expect(xml.match(/<error /g)?.length ?? 0).toBe(count('errors'));
        expect(xml.match(/<testcase /g)?.length ?? 0).toBe(count('tests'));
        expect(balanced(xml)).toBe(true);
      }),
    );
  });

  it('never fails for a column that nobody named', () => {
    const columns = [
      column({ verdict: 'identical' }),
      numbers({ family: 'found', verdict: 'changed' }),
    ];
    const xml = junit(madeReport({ columns, verdict: 'identical' }));
    expect(xml).toContain('failures="0" errors="0" skipped="1"');
  });
});

describe('every rendering', () => {
  it('is the same for the same report, and survives a megabyte in one line', () => {
    const report = saying('x'.repeat(1_000_000));
    for (const render of [html, junit, markdown]) expect(render(report)).toBe(render(report));
    expect(markdown(report).length).toBeLessThan(2_000_000);
  });

  it('begins with the words of the verdict', () => {
    const report = madeReport({
      columns: [column({ verdict: 'insufficient' })],
      verdict: 'insufficient',
    });
    expect(html(report)).toContain('class="verdict unknown">TOO LITTLE TO TELL');
    expect(markdown(report)).toContain('**TOO LITTLE TO TELL');
  });
});

/** Code spans taken out: as CommonMark finds them, a run of backticks to the next one of its length. */
function outsideCode(text: string): string {
  return text.replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, 'CODE');
}

/** Tags close in the order in which they open, and nothing else looks like one. */
function balanced(xml: string): boolean {
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml.*?\?>/, '')
    .replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, end, name, _told, alone) => {
      if (end) return open.pop() === name ? '' : '<';
      if (!alone) open.push(name);
      return '';
    });
  return open.length === 0 && !/[<>]/.test(rest);
}
