import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvidenceTally, TOLD_AT } from '../../../src/diff/evidence/change-evidence.ts';
import { evidenceSentence } from '../../../src/diff/evidence/evidence-words.ts';
import type { Side } from '../../../src/diff/source.ts';
import { flipEvalue, seededRandom } from '../../../src/diff/statistics/index.ts';

interface Run {
  side: Side;
  input: string;
  decision: string | null;
  ref: number;
  context?: string;
  turn?: number;
  leftOut?: 'provisional' | 'ambiguous';
}

function evidenceOf(runs: readonly Run[]) {
  const tally = new EvidenceTally();
  for (const { side, input, decision, ref, context, turn, leftOut } of runs) {
    tally.add(side, {
      ...{ ref, decision },
      inputHash: createHash('sha256').update(input).digest(),
      context: context ?? null,
      turn: turn ?? null,
      leftOut: leftOut ?? null,
    });
  }
  return tally.result();
}

/** Each input once on both sides, before's runs recorded first. */
function flips(moves: readonly (readonly [before: string | null, after: string | null])[]): Run[] {
  return moves.flatMap(([before, after], i): Run[] => [
    { side: 'before', input: `input ${i}`, decision: before, ref: i + 1 },
    { side: 'after', input: `input ${i}`, decision: after, ref: 1000 + i },
  ]);
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('the evidence since a change', () => {
  it('is the e-value of flips one way and the other', () => {
    const runs = flips([
      ...times(10, ['CLEAR', 'HOLD'] as const),
      ...times(2, ['HOLD', 'CLEAR'] as const),
    ]);
    const { pairs, flipped, e, logE, flips: moves } = evidenceOf(runs);
    expect({ pairs, flipped, e }).toEqual({
      pairs: 12,
      flipped: 12,
      e: flipEvalue({ b: 10, c: 2 }).e,
    });
    expect(logE).toBeCloseTo(Math.log(e), 12);
    expect(moves).toEqual([
      { before: 'CLEAR', after: 'HOLD', pairs: 10 },
      { before: 'HOLD', after: 'CLEAR', pairs: 2 },
    ]);
  });

  it('is 1 where nothing flips, and counts nobody who never decided', () => {
    const { pairs, e } = evidenceOf(
      flips([
        ['HOLD', 'HOLD'],
        ['CLEAR', 'CLEAR'],
        [null, null],
      ]),
    );
    expect({ pairs, e }).toEqual({ pairs: 2, e: 1 });
  });

  it('takes a queue that stops deciding for one that decides another way', () => {
    expect(evidenceOf(flips(times(8, ['HOLD', null]))).e).toBeGreaterThanOrEqual(TOLD_AT);
  });

  it('takes the first run of each input on a side, and a later one for nothing', () => {
    const first = flips(times(3, ['CLEAR', 'HOLD']));
    const later = first.map((run) => ({ ...run, ref: run.ref + 10_000, decision: 'CLEAR' }));
    expect(evidenceOf([...later, ...first])).toEqual(evidenceOf(first));
  });

  it('takes one pair of a conversation, the one complete first', () => {
    const turn = (number: number, decisions: [string, string]): Run[] => [
      {
        side: 'before',
        input: `turn ${number}`,
        decision: decisions[0],
        ref: number,
        context: 'a',
        turn: number,
      },
      {
        side: 'after',
        input: `turn ${number}`,
        decision: decisions[1],
        ref: 100 - number,
        context: 'a',
        turn: number,
      },
    ];
    const { pairs, flipped } = evidenceOf([
      ...turn(1, ['HOLD', 'CLEAR']),
      ...turn(2, ['HOLD', 'HOLD']),
    ]);
    expect({ pairs, flipped }).toEqual({ pairs: 1, flipped: 0 });
  });

  it('counts nothing recorded after a trace that no reading confirms yet', () => {
    const runs = flips(times(9, ['CLEAR', 'HOLD']));
    const waiting: Run = {
      side: 'after',
      input: 'new',
      decision: 'HOLD',
      ref: 1003,
      leftOut: 'provisional',
    };
    const { pairs, unconfirmed } = evidenceOf([...runs, waiting]);
    expect({ pairs, unconfirmed }).toEqual({ pairs: 3, unconfirmed: 1 });
  });

  it('comes to the same in whatever order traces come', () => {
    const decision = fc.constantFrom('HOLD', 'CLEAR', 'ASK', null);
    const run = fc.record({
      side: fc.constantFrom<Side>('before', 'after'),
      input: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      decision,
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (some, keys) => {
        const runs = some.map((one, i): Run => ({ ...one, ref: i + 1 }));
        const shuffled = runs
          .map((one) => ({ one, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(evidenceOf(shuffled)).toEqual(evidenceOf(runs));
      }),
    );
  });

  it('reaches 20 in one of twenty runs at most where flips go either way, looked at after each pair', () => {
    const random = seededRandom(11);
    const [runs, pairs] = [2000, 200];
    let told = 0;
    for (let run = 0; run < runs; run++) {
      let [b, c, reached] = [0, 0, false];
      for (let i = 0; i < pairs; i++) {
        if (random.below(2) === 0) b++;
        else c++;
        reached ||= flipEvalue({ b, c }).e >= TOLD_AT;
      }
      if (reached) told++;
    }
    expect(told / runs).toBeLessThan(0.05);
  });
});

describe('its sentence', () => {
  it('says insufficient until it is enough, and that it watches direction only', () => {
    const few = evidenceSentence(
      evidenceOf(
        flips([
          ['HOLD', 'HOLD'],
          ['HOLD', 'CLEAR'],
        ]),
      ),
    );
    expect(few).toMatch(/^insufficient so far: 2 pairs .*1 flipped \(1 HOLD→CLEAR\)/);
    expect(few).toContain('and nothing else');
    const many = evidenceSentence(evidenceOf(flips(times(14, ['CLEAR', 'HOLD']))));
    expect(many).toMatch(/^decisions go another way: 14 pairs/);
  });

  it('lets no decision break its line', () => {
    const sentence = evidenceSentence(evidenceOf(flips([['a\nb', '\u202eHOLD']])));
    expect(sentence).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });
});
