/** What the client says of a span, against what the heart says of it with every reading in hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Knowledge } from '../../src/client/knowledge.ts';
import { load } from '../../src/client/load.ts';
import { type Tag, tagOf } from '../../src/client/tag.ts';
import {
  type Attribution,
  attribute,
  type Lost,
  type Span,
  viewOf,
} from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { histories, lostStretches, span } from '../lineage/histories.ts';
import { type History, publishedAt, underOf } from './published.ts';

const LATER = 1_000_000;

function loaded(history: History, before: Knowledge | null, wanted: number): Promise<Knowledge> {
  const ask = async (path: string) => ({
    json: publishedAt(path, history),
    offset: null,
    cachedMs: 0,
  });
  return load(ask, 'a-label', before, wanted).then(({ knowledge }) => knowledge);
}

function tagged(knowledge: Knowledge, at: Span, offset: { least: number; most: number } | null) {
  const held = { knowledge, asOf: 0, ageMs: 0, stale: false, offset };
  return tagOf('a-label', at, held, LATER, null);
}

const said = ({ certainty, artifactId, candidates, window }: Tag) => ({
  ...{ certainty, artifactId, candidates },
  window: window && {
    after: Date.parse(window.after ?? ''),
    before: Date.parse(window.before),
  },
});

/** The heart's own words, in the client's terms. */
const truth = (readings: readonly Reading[], at: Span, lost: readonly Lost[] = []) => {
  const heart: Attribution = attribute(viewOf(readings, at, lost));
  return {
    certainty: heart.observed,
    artifactId: underOf(heart.artifactId),
    candidates: heart.candidates.map(underOf),
    window: heart.window,
  };
};
const NOTHING = { certainty: 'unobserved', artifactId: null, candidates: [], window: null };

/** As sure or less sure, and never of something else. */
function expectNoStronger(client: ReturnType<typeof said>, service: ReturnType<typeof truth>) {
  if (client.certainty === 'unobserved') expect(client).toEqual(NOTHING);
  else if (client.certainty === 'provisional' && service.certainty === 'bracketed') {
    expect(client).toEqual({ ...service, certainty: 'provisional' });
  } else expect(client).toEqual(service);
}

describe('a tag from what is published', () => {
  it('is the very one of the service, from where the client looks back to', () =>
    fc.assert(
      fc.asyncProperty(
        histories(8),
        span(24),
        fc.nat({ max: 24 }),
        async (readings, at, wanted) => {
          fc.pre(at.start >= wanted);
          const first = readings.find((reading) => reading.artifactId !== null);
          // Of a label that began with nothing, that beginning is not published once it has ended.
          fc.pre(readings[0]?.artifactId != null || !first || at.start >= first.receivedAt);
          // Nor is when an absence began that held when the client looks back to.
          const cover = readings.findLast((reading) => reading.receivedAt <= wanted);
          fc.pre(cover?.artifactId !== null);
          const knowledge = await loaded({ readings }, null, wanted);
          expect(said(tagged(knowledge, at, null))).toEqual(truth(readings, at));
        },
      ),
    ));

  it('is never stronger, however far the client looks back and whatever was lost', () =>
    fc.assert(
      fc.asyncProperty(
        histories(8),
        lostStretches(3, { gap: 8, length: 5 }),
        span(24),
        fc.nat({ max: 24 }),
        fc.boolean(),
        async (readings, lost, at, wanted, watched) => {
          const knowledge = await loaded({ readings, lost, watched }, null, wanted);
          expectNoStronger(said(tagged(knowledge, at, null)), truth(readings, at, lost));
        },
      ),
      { numRuns: 1000 },
    ));

  it('is never stronger after a refresh, with what was kept from before', () =>
    fc.assert(
      fc.asyncProperty(
        histories(8),
        fc.nat({ max: 8 }),
        lostStretches(2, { gap: 10, length: 5 }),
        span(24),
        fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 })),
        async (readings, known, lost, at, [wanted, later]) => {
          let knowledge = await loaded({ readings: readings.slice(0, known), lost }, null, wanted);
          knowledge = await loaded({ readings, lost }, knowledge, wanted + later);
          expectNoStronger(said(tagged(knowledge, at, null)), truth(readings, at, lost));
        },
      ),
      { numRuns: 1000 },
    ));

  it('is never stronger after an older copy was restored under the client', () =>
    fc.assert(
      fc.asyncProperty(
        histories(9),
        fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })),
        span(30),
        fc.nat({ max: 20 }),
        fc.boolean(),
        async (readings, [kept, gone], at, wanted, watched) => {
          const seen = readings.slice(0, kept + gone);
          const since = readings.slice(kept + gone);
          const from = readings[kept - 1]?.receivedAt ?? 0;
          const lost = [{ from, to: since[0]?.requestedAt ?? (seen.at(-1)?.receivedAt ?? 0) + 1 }];
          fc.pre(lost[0]!.to > from);
          let knowledge: Knowledge | null = await loaded({ readings: seen, watched }, null, wanted);
          const now = readings.slice(0, kept);
          // One refresh after each reading of the restored service.
          for (let i = 0; i <= since.length; i++) {
            const history = { readings: [...now, ...since.slice(0, i)], lost, watched };
            knowledge = await loaded(history, knowledge, wanted);
            expectNoStronger(said(tagged(knowledge, at, null)), truth(history.readings, at, lost));
          }
        },
      ),
      { numRuns: 500 },
    ));

  it('that calls an artifact bracketed is right about it, whatever is read later', () =>
    fc.assert(
      fc.asyncProperty(histories(8), fc.nat({ max: 8 }), span(24), async (readings, known, at) => {
        const knowledge = await loaded({ readings: readings.slice(0, known) }, null, 0);
        const then = said(tagged(knowledge, at, null));
        fc.pre(then.certainty === 'bracketed');
        expect(then).toEqual(truth(readings, at));
      }),
    ));

  it('only grows weaker where the clocks are apart, by whichever of them the times were taken', () =>
    fc.assert(
      fc.asyncProperty(
        histories(8),
        span(24),
        fc.integer({ min: -3000, max: 3000 }),
        async (readings, at, apart) => {
          const knowledge = await loaded({ readings }, null, 0);
          const tag = tagged(knowledge, at, { least: apart - 2, most: apart + 2 });
          if (Math.abs(apart) > 1002) expect(tag.problem?.code).toBe('clock');
          if (tag.certainty !== 'bracketed') return;
          expect(said(tag)).toEqual(truth(readings, at));
          if (tag.problem === null) return;
          const shifted = { start: at.start + apart, end: at.end + apart };
          expect(said(tag)).toEqual(truth(readings, shifted));
        },
      ),
    ));
});

describe('what is known after a loss', () => {
  const A = (at: number): Reading => {
    const instants = { requestedAt: at, receivedAt: at + 1, recordedAt: at + 1 };
    return { id: String(at), ...instants, artifactId: 'A' };
  };
  const readings = [A(10), A(20), A(110), A(120), A(130)];
  const lost = [{ from: 50, to: 100 }];

  it('is nothing yet, where only one reading was asked since and its answer is not dated', async () => {
    const knowledge = await loaded({ readings: readings.slice(0, 3), lost }, null, 0);
    expect(tagged(knowledge, { start: 115, end: 116 }, null).certainty).toBe('unobserved');
  });

  it("is as much as the service knows, once the watch's newest answer is dated", async () => {
    const history = { readings: readings.slice(0, 3), lost, watched: true };
    const tag = tagged(await loaded(history, null, 0), { start: 115, end: 116 }, null);
    expect(tag.certainty).toBe('provisional');
    expect(tagged(await loaded(history, null, 0), { start: 40, end: 60 }, null).certainty).toBe(
      'unobserved',
    );
  });

  it('does not reach into an absence that the label began with, which is not published', async () => {
    const began = [{ ...A(110), artifactId: null }, A(120), A(130)];
    let knowledge = await loaded({ readings: began.slice(0, 1), lost }, null, 0);
    knowledge = await loaded({ readings: began.slice(0, 2), lost }, knowledge, 0);
    const at = { start: 120, end: 120 };
    expect(tagged(knowledge, at, null).certainty).toBe('unobserved');
    expect(truth(began.slice(0, 2), at, lost).certainty).toBe('ambiguous');
  });

  it('is as much as the service knows, once the reading that was the newest is not any more', async () => {
    let knowledge = await loaded({ readings: readings.slice(0, 3), lost }, null, 0);
    knowledge = await loaded({ readings: readings.slice(0, 4), lost }, knowledge, 0);
    const at = { start: 122, end: 123 };
    expect(tagged(knowledge, at, null).certainty).toBe('provisional');
    knowledge = await loaded({ readings, lost }, knowledge, 0);
    expect(tagged(knowledge, at, null).certainty).toBe('bracketed');
  });
});
