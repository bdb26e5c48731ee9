/**
 * Rules 1–5 of attribution by trying everything, written from the rules alone: every history that
 * some choice of instants allows, on a grid of half milliseconds, so that an open window between
 * two whole milliseconds has an inside.
 *
 * A history: reading i saw its artifact at one instant of [qᵢ, rᵢ]; between the instants of two
 * neighbouring readings what is under the label changes once where they differ and not at all
 * where they agree; after the last one nothing changes, as far as the readings say.
 */
import type { Span } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';

const STEP = 0.5;

export interface Allowed {
  observed: 'bracketed' | 'provisional' | 'ambiguous' | 'unobserved';
  candidates: (string | null)[];
  window: { after: number; before: number } | null;
}

/** Answers for any span that ends by `horizon`. */
export function oracleOf(readings: readonly Reading[], horizon: number): (span: Span) => Allowed {
  const shown = everyHistory(readings, horizon);
  return (span) => {
    const first = readings[0];
    if (!first || span.start < first.receivedAt) {
      return { observed: 'unobserved', candidates: [], window: null };
    }
    const candidates = candidatesIn(span, readings, shown);
    const confirmed = span.end <= readings.at(-1)!.requestedAt;
    const sole = confirmed ? 'bracketed' : 'provisional';
    const observed = candidates.length > 1 ? 'ambiguous' : sole;
    return { observed, candidates, window: hullIn(span, readings) };
  };
}

/** For each reading the instants at which some history shows what it saw. */
function everyHistory(readings: readonly Reading[], horizon: number): Set<number>[] {
  const shown = readings.map(() => new Set<number>());
  const tried = new Map<string, boolean>();

  // Reading i saw its artifact at `saw`: can the rest of a history follow?
  const follow = (i: number, saw: number): boolean => {
    const key = `${i} ${saw}`;
    const known = tried.get(key);
    if (known !== undefined) return known;
    const next = readings[i + 1];
    let possible = next === undefined;
    if (!next) for (const x of grid(saw, horizon)) shown[i]!.add(x);
    for (const sees of next ? grid(next.requestedAt, next.receivedAt) : []) {
      const changes = changesBetween(saw, sees, readings[i]!.artifactId !== next!.artifactId);
      if (changes.length === 0 || !follow(i + 1, sees)) continue;
      possible = true;
      for (const change of changes) {
        for (const x of grid(saw, sees)) shown[x < change ? i : i + 1]!.add(x);
      }
    }
    tried.set(key, possible);
    return possible;
  };

  const first = readings[0];
  if (first) for (const saw of grid(first.requestedAt, first.receivedAt)) follow(0, saw);
  return shown;
}

/** Every first instant of what the later reading saw; `Infinity` stands for no change. */
function changesBetween(saw: number, sees: number, differ: boolean): number[] {
  if (sees < saw) return [];
  return differ ? [...grid(saw + STEP, sees)] : [Infinity];
}

/** By the first instant of the span at which each is allowed; where two begin together, by reading. */
function candidatesIn(span: Span, readings: readonly Reading[], shown: readonly Set<number>[]) {
  const seen = new Set<string | null>();
  for (const x of grid(span.start, span.end)) {
    for (const [i, instants] of shown.entries()) {
      if (instants.has(x)) seen.add(readings[i]!.artifactId);
    }
  }
  return [...seen];
}

/** The hull of the open windows (qᵢ, rᵢ₊₁) of neighbours that differ, where the span meets them. */
function hullIn(span: Span, readings: readonly Reading[]) {
  const met = readings.slice(1).flatMap((next, i) => {
    const { requestedAt: after, artifactId } = readings[i]!;
    const before = next.receivedAt;
    if (artifactId === next.artifactId) return [];
    const inside = [...grid(after + STEP, before - STEP)];
    return inside.some((x) => span.start <= x && x <= span.end) ? [{ after, before }] : [];
  });
  if (met.length === 0) return null;
  return {
    after: Math.min(...met.map((window) => window.after)),
    before: Math.max(...met.map((window) => window.before)),
  };
}

function* grid(from: number, to: number) {
  for (let x = from; x <= to; x += STEP) yield x;
}
