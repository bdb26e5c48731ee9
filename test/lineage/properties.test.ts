import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attribution,
  attribute,
  runsReaching,
  type Span,
  viewOf,
} from '../../src/lineage/attribution.ts';
import { byTime, type Reading } from '../../src/lineage/reading.ts';
import { changesOf, runsOf, stretchOf, tenuresOf } from '../../src/lineage/timeline.ts';
import { histories, span, spansWithin } from './histories.ts';
import { trueHistories } from './true-histories.ts';

function attributed(readings: readonly Reading[], at: Span): Attribution {
  return attribute(viewOf(readings, at));
}

function instantsOf({ start, end }: Span): number[] {
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}

describe('on a label that changes at most once between two readings', () => {
  test('what was truly under it up to the last question is among the candidates', () => {
    fc.assert(
      fc.property(trueHistories, ({ readings, truthAt }) => {
        const missed: { at: Span; instant: number }[] = [];
        for (const at of spansWithin(readings[0]!.receivedAt, readings.at(-1)!.requestedAt)) {
          const { candidates } = attributed(readings, at);
          for (const instant of instantsOf(at)) {
            if (!candidates.includes(truthAt(instant))) missed.push({ at, instant });
          }
        }
        expect(missed).toEqual([]);
      }),
    );
  });

  test('a bracketed artifact is the true one at every instant of the trace', () => {
    fc.assert(
      fc.property(trueHistories, ({ readings, truthAt }) => {
        for (const at of spansWithin(0, readings.at(-1)!.receivedAt + 3)) {
          const { observed, artifactId } = attributed(readings, at);
          if (observed !== 'bracketed') continue;
          for (const instant of instantsOf(at)) expect(truthAt(instant)).toBe(artifactId);
        }
      }),
    );
  });

  test('a trace that begins before the first answer is unobserved and has no candidates', () => {
    fc.assert(
      fc.property(trueHistories, fc.nat({ max: 20 }), ({ readings }, length) => {
        const start = readings[0]!.receivedAt - 1;
        const { observed, candidates } = attributed(readings, { start, end: start + length });
        expect({ observed, candidates }).toEqual({ observed: 'unobserved', candidates: [] });
      }),
    );
  });
});

describe('the next reading', () => {
  test('leaves a bracketed answer as it was', () => {
    fc.assert(
      fc.property(histories(5), span(12), (readings, at) => {
        const was = attributed(readings.slice(0, -1), at);
        fc.pre(was.observed === 'bracketed');
        const is = attributed(readings, at);
        expect([is.observed, is.candidates]).toEqual([was.observed, was.candidates]);
      }),
    );
  });

  test('settles a provisional answer, and no later one unsettles it', () => {
    fc.assert(
      fc.property(histories(5), span(12), fc.nat({ max: 4 }), (readings, at, known) => {
        fc.pre(attributed(readings.slice(0, known), at).observed === 'provisional');
        const next = readings[known];
        fc.pre(next !== undefined && next.requestedAt >= at.end);
        const settled = attributed(readings.slice(0, known + 1), at);
        expect(['bracketed', 'ambiguous']).toContain(settled.observed);
        expect(attributed(readings, at).observed).toBe(settled.observed);
      }),
    );
  });

  test('never adds a candidate where it confirms its neighbour, wherever it falls', () => {
    fc.assert(
      fc.property(histories(5), span(12), fc.nat({ max: 4 }), (readings, at, place) => {
        const confirming = readings[place];
        const neighbours = [readings[place - 1], readings[place + 1]];
        fc.pre(confirming !== undefined);
        fc.pre(neighbours.some((other) => other?.artifactId === confirming.artifactId));
        const was = attributed(readings.toSpliced(place, 1), at);
        fc.pre(was.observed !== 'unobserved');
        expect(was.candidates).toEqual(expect.arrayContaining(attributed(readings, at).candidates));
      }),
    );
  });
});

describe('what was recorded when', () => {
  /** A history whose readings came on disk in any order: some are backfills. */
  const ledgers = histories(5).chain((readings) =>
    fc
      .shuffledSubarray(readings, { minLength: readings.length })
      .map((ledger) => ledger.map((reading, i) => ({ ...reading, recordedAt: 100 + i }))),
  );
  const asOf = (ledger: readonly Reading[], moment: number) =>
    ledger.filter((reading) => reading.recordedAt <= moment).sort(byTime);

  test('an answer as of a moment never changes, whatever is recorded later', () => {
    fc.assert(
      fc.property(ledgers, span(12), fc.nat({ max: 5 }), (ledger, at, known) => {
        const moment = 99 + known;
        const then = attributed(ledger.slice(0, known).sort(byTime), at);
        expect(attributed(asOf(ledger, moment), at)).toEqual(then);
      }),
    );
  });

  test('the order in which readings came makes no difference to the answer', () => {
    fc.assert(
      fc.property(ledgers, span(12), (ledger, at) => {
        const inTurn = ledger.toSorted((a, b) => a.id.localeCompare(b.id));
        expect(attributed(ledger.toSorted(byTime), at)).toEqual(attributed(inTurn, at));
      }),
    );
  });
});

describe('runs', () => {
  test('come out the same however the readings were merged into stretches before', () => {
    fc.assert(
      fc.property(histories(8), fc.array(fc.nat({ max: 8 })), (readings, cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), readings.length];
        const merged = borders.flatMap((border, i) =>
          runsOf(readings.slice(border, borders[i + 1]).map(stretchOf)),
        );
        expect(runsOf(merged)).toEqual(runsOf(readings.map(stretchOf)));
      }),
    );
  });

  test('that reach a span are found wherever they stand', () => {
    fc.assert(
      fc.property(histories(8), span(16), (readings, at) => {
        const runs = runsOf(readings.map(stretchOf));
        expect(runsReaching(runs, at)).toEqual(
          runs.filter((run) => run.after < at.end && run.until > at.start),
        );
      }),
    );
  });

  test('count every reading of an artifact in exactly one tenure', () => {
    fc.assert(
      fc.property(histories(8), (readings) => {
        const tenures = tenuresOf(runsOf(readings.map(stretchOf)));
        const counted = tenures.reduce((sum, tenure) => sum + tenure.observations, 0);
        expect(counted).toBe(readings.filter((reading) => reading.artifactId !== null).length);
      }),
    );
  });

  test('make a chain of changes: each one starts from what the one before led to', () => {
    fc.assert(
      fc.property(histories(8), (readings) => {
        let under: string | null = null;
        for (const change of changesOf(runsOf(readings.map(stretchOf)))) {
          expect(change.from).toBe(under);
          expect(change.to).not.toBe(under);
          under = change.to;
        }
        expect(under).toBe(readings.at(-1)?.artifactId ?? null);
      }),
    );
  });
});

describe("a blob named by the trace's own evidence", () => {
  const holder: fc.Arbitrary<string> = fc.constantFrom('A', 'B', 'C', 'elsewhere');
  const evidence = fc.record({
    blobId: fc.constant('jKzAHsOHS1zA193_9N-n5H_IjupBjKce08qMLLseRe8'),
    proven: fc.boolean(),
    holders: fc.uniqueArray(holder),
  });

  test('conflicts exactly where there is a candidate and none holds it', () => {
    fc.assert(
      fc.property(histories(5), span(12), evidence, (readings, at, named) => {
        const { candidates, conflict } = attribute(viewOf(readings, at), named);
        const held = candidates.some((id) => id !== null && named.holders.includes(id));
        expect(conflict).toBe(candidates.length > 0 && !held);
      }),
    );
  });

  test('never changes what the readings say', () => {
    fc.assert(
      fc.property(histories(5), span(12), evidence, (readings, at, named) => {
        const { observed, candidates, window, grounds } = attributed(readings, at);
        const told = attribute(viewOf(readings, at), named);
        expect(told).toMatchObject({ observed, candidates, window, grounds });
        expect(told.certainty).toBe(named.proven ? 'proven' : 'declared');
        expect(told.declaredBlobId).toBe(named.blobId);
      }),
    );
  });

  test('gives the one candidate that holds it, else its one holder, else none', () => {
    fc.assert(
      fc.property(histories(5), span(12), evidence, (readings, at, named) => {
        const { candidates, artifactId } = attribute(viewOf(readings, at), named);
        const holding = named.holders.filter((id) => candidates.includes(id));
        if (holding.length === 1) expect(artifactId).toBe(holding[0]);
        else if (named.holders.length === 1) expect(artifactId).toBe(named.holders[0]);
        else expect(artifactId).toBeNull();
      }),
    );
  });
});
