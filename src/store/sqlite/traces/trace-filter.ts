/**
 * Filters over attributions, in SQL. A trace's attribution isn't stored; what is, is which run
 * reaches its span. So a filter becomes (1) for each label, the ranges of `started_at` outside of
 * which nothing can match, taken from the label's runs, and (2) the exact condition, on the row
 * and the first run that reaches it. Nothing is loaded to be thrown away.
 */

import type { Observed } from '../../../lineage/attribution.ts';
import { AFTER_ALL, BEFORE_ALL } from '../../../lineage/timeline.ts';
import type { TraceFilter } from '../../store.ts';
import type { Reach } from '../history.ts';
import type { LabelTimes } from '../labels.ts';
import type { Cut } from '../lost.ts';
import type { Range } from './trace-keys.ts';

/** `t` is the trace, `l` its label, `r` the first run that reaches past the span's start. */
const START = '(t.started_at - l.clock_skew_ms - l.serving_lag_ms)';
const END = '(t.ended_at + l.clock_skew_ms)';

/** Runs that reach the span: the candidates, where the span is observed. */
const REACHING = `SELECT c.artifact_id FROM runs c
  WHERE c.label_id = t.label_id AND c.until > ${START} AND c.after < ${END}`;

// CROSS: the traces come first, in the order of their index, whatever the planner thinks of it.
export const JOINED = `traces t
  CROSS JOIN labels l ON l.id = t.label_id
  LEFT JOIN runs r ON r.rowid = (
    SELECT f.rowid FROM runs f WHERE f.label_id = t.label_id AND f.until > ${START}
    ORDER BY f.until, f.first_received_at LIMIT 1)`;

const HOLDS = (artifact: string) =>
  `EXISTS (SELECT 1 FROM artifact_files h WHERE h.artifact_id = ${artifact} AND h.blob_id = t.blob_id)`;
const HELD_UNDER = (artifact: string) =>
  `EXISTS (SELECT 1 FROM runs u WHERE u.artifact_id = ${artifact} AND u.label_id = t.label_id)`;
const HOLDERS = `SELECT DISTINCT h.artifact_id FROM artifact_files h
  WHERE h.blob_id = t.blob_id AND ${HELD_UNDER('h.artifact_id')}`;
const HOLDING_CANDIDATES = `SELECT DISTINCT c.artifact_id FROM (${REACHING}) c
  JOIN artifact_files h ON h.artifact_id = c.artifact_id AND h.blob_id = t.blob_id`;

/** Rule 9, by the label's cuts as JSON: `k` is one of them. */
const CUT_OFF = `EXISTS (SELECT 1 FROM json_each(:cuts) k
  WHERE k.value ->> 'from' < ${END} AND k.value ->> 'reopenedAt' > ${START})`;
const CONFIRMED_AT = `(SELECT k.value ->> 'confirmedAt' FROM json_each(:cuts) k
  WHERE k.value ->> 'from' >= ${END} ORDER BY k.key LIMIT 1)`;

/** The rules of the heart in SQL; with rule 9 only where something was lost, as most never lose anything. */
function rules(isCut: boolean) {
  const early = `l.first_received_at IS NULL OR ${START} < l.first_received_at`;
  const unobserved = isCut ? `(${early} OR ${CUT_OFF})` : `(${early})`;
  const confirmedAt = isCut
    ? `coalesce(${CONFIRMED_AT}, l.last_requested_at)`
    : 'l.last_requested_at';
  const ambiguous = `(NOT ${unobserved} AND r.until < ${AFTER_ALL} AND r.last_requested_at < ${END})`;
  const one = `(NOT ${unobserved} AND NOT ${ambiguous})`;
  return {
    observed: {
      unobserved,
      ambiguous,
      provisional: `(${one} AND ${END} > ${confirmedAt})`,
      bracketed: `(${one} AND ${END} <= ${confirmedAt})`,
    },
    one,
    candidate: (is: string) => `(NOT ${unobserved} AND EXISTS (${REACHING} AND ${is}))`,
    conflict: `(t.blob_id IS NOT NULL AND NOT ${unobserved} AND NOT EXISTS (${HOLDING_CANDIDATES}))`,
    /** Rule 6: the one candidate that holds the named blob, else the one artifact of the history that does. */
    declared: `(t.blob_id IS NOT NULL AND ${HOLDS(':artifact')} AND ${HELD_UNDER(':artifact')} AND (
      (SELECT count(*) FROM (${HOLDERS})) = 1
      OR (NOT ${unobserved} AND (SELECT count(*) FROM (${HOLDING_CANDIDATES})) = 1
          AND :artifact IN (${HOLDING_CANDIDATES}))))`,
  };
}

const WHOLE = rules(false);
const CUT = rules(true);

/** The exact condition for each word; `:cuts` is to be bound where something was lost. */
export function observedConditions(isCut: boolean): Readonly<Record<Observed, string>> {
  return (isCut ? CUT : WHOLE).observed;
}

export type Part = 'all' | 'declared' | 'undeclared';

export interface Condition {
  where: string[];
  /** Which traces can match: those that name a blob, those that don't, or all. */
  part: Part;
  /** Ranges of `started_at` [from, to) that can match among them, newest first; null: no bound. */
  ranges: Ranges | null;
}

/** @param runs of the label; there may be a million, so they are read only where they are needed */
type Ranges = (label: LabelTimes, runs: () => readonly Reach[], cuts: readonly Cut[]) => Range[];

/**
 * The filter on attributions, as alternatives that don't overlap; plain columns are the caller's.
 * @param isCut something was lost: where there is a condition, `:cuts` is to be bound for each label
 */
export function conditions(filter: TraceFilter, isCut: boolean): Condition[] {
  const { artifact, candidate, certainty, observed, conflict } = filter;
  const heart = isCut ? CUT : WHOLE;
  const where: string[] = [];
  const ranges: Ranges[] = [];
  let part: Part = 'all';
  if (certainty === 'proven') return [];
  if (certainty === 'declared') part = 'declared';
  else if (certainty) part = 'undeclared';
  for (const word of new Set([observed, certainty === 'declared' ? undefined : certainty])) {
    if (!word) continue;
    where.push(heart.observed[word]);
    ranges.push((label, runs, cuts) => observedRanges(word, label, runs, cuts));
  }
  if (candidate) {
    const is = candidate === 'absent' ? 'c.artifact_id IS NULL' : 'c.artifact_id = :candidate';
    where.push(heart.candidate(is));
    const wanted = candidate === 'absent' ? null : candidate;
    ranges.push((label, runs) => reachRanges(label, runs(), wanted));
  }
  if (conflict !== undefined) {
    where.push(conflict ? heart.conflict : `NOT ${heart.conflict}`);
    if (conflict && part === 'undeclared') return [];
    if (conflict) part = 'declared';
  }
  const within = (more: Ranges[] = []) => intersected([...ranges, ...more]);
  if (!artifact) return [{ where, part, ranges: within() }];
  const alternatives: Condition[] = [];
  if (part !== 'declared') {
    alternatives.push({
      where: [...where, heart.one, 'r.artifact_id = :artifact'],
      part: 'undeclared',
      ranges: within([(label, runs) => reachRanges(label, runs(), artifact)]),
    });
  }
  if (part !== 'undeclared') {
    alternatives.push({
      where: [...where, heart.declared],
      part: 'declared',
      ranges: within([(_label, runs) => everWhereHeld(runs(), artifact)]),
    });
  }
  return alternatives;
}

/** When a trace can have begun whose span reaches into (after, until), both exclusive. */
function reaching(label: LabelTimes, after: number, until: number): Range {
  const { clockSkewMs, servingLagMs, longestTraceMs } = label;
  return {
    from: after === BEFORE_ALL ? BEFORE_ALL : after - clockSkewMs - longestTraceMs,
    to: until === AFTER_ALL ? AFTER_ALL : until + clockSkewMs + servingLagMs,
  };
}

/** A trace that names a blob may stand at any time, but only under a label that held the artifact. */
function everWhereHeld(runs: readonly Reach[], artifactId: string): Range[] {
  const held = runs.some((run) => run.artifactId === artifactId);
  return held ? [{ from: BEFORE_ALL, to: AFTER_ALL }] : [];
}

function reachRanges(
  label: LabelTimes,
  runs: readonly Reach[],
  artifactId: string | null,
): Range[] {
  const own = runs.filter((run) => run.artifactId === artifactId);
  return joined(own.map((run) => reaching(label, run.after, run.until)));
}

/** When traces of the label can have begun of which its readings say so; at no other time one did. */
export function observedRanges(
  word: Observed,
  label: LabelTimes,
  runs: () => readonly Reach[],
  cuts: readonly Cut[],
): Range[] {
  const { firstReceivedAt, lastRequestedAt } = label;
  if (firstReceivedAt === null || lastRequestedAt === null) {
    return word === 'unobserved' ? [{ from: BEFORE_ALL, to: AFTER_ALL }] : [];
  }
  const lead = label.clockSkewMs + label.servingLagMs;
  switch (word) {
    case 'unobserved':
      return joined([
        { from: BEFORE_ALL, to: firstReceivedAt + lead },
        ...cuts.map((cut) => reaching(label, cut.from, cut.reopenedAt)),
      ]);
    case 'bracketed':
      return [{ from: firstReceivedAt + lead, to: lastRequestedAt - label.clockSkewMs + 1 }];
    case 'provisional':
      return joined([
        reaching(label, lastRequestedAt, AFTER_ALL),
        // One that ends right where the stretch begins is not cut off by it.
        ...cuts.map((cut) => reaching(label, cut.confirmedAt ?? BEFORE_ALL, cut.from + 1)),
      ]);
    case 'ambiguous':
      return joined(
        runs()
          .slice(1)
          .map((run) => reaching(label, run.after, run.firstReceivedAt)),
      );
  }
}

/** Newest first, overlapping ones made one. */
function joined(ranges: Range[]): Range[] {
  const out: Range[] = [];
  for (const range of ranges.sort((a, b) => b.to - a.to)) {
    const last = out.at(-1);
    if (last && range.to >= last.from) last.from = Math.min(last.from, range.from);
    else out.push({ ...range });
  }
  return out;
}

function intersected(all: readonly Ranges[]): Ranges | null {
  if (all.length === 0) return null;
  return (label, runs, cuts) =>
    all
      .map((ranges) => ranges(label, runs, cuts))
      .reduce((a, b) => a.flatMap((x) => b.flatMap((y) => overlap(x, y))));
}

function overlap(a: Range, b: Range): Range[] {
  const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
  return from < to ? [{ from, to }] : [];
}
