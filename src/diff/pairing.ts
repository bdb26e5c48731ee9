/**
 * Pairing: the unit of a diff is an input, never a run. Runs of one side with the same input,
 * context and turn are one unit; a unit that occurs on both sides is a pair.
 */
import type { LeftOutReason } from '../contract/diff.ts';
import type { ArtifactId } from '../lineage/manifest.ts';
import { Distinct } from './distinct.ts';

/** One trace of one side, already attributed. Texts stay where they are: see `cases.ts`. */
export interface CohortTrace {
  id: string;
  startedAt: number; // ms since 1970, UTC
  inputHash: string | null; // null where it has no input
  context: string | null;
  turn: number | null;
  decision: string | null;
  outputHash: string | null;
  artifactId: ArtifactId | null;
  /** Why it can't be compared; null where it can. */
  leftOut: LeftOutReason | null;
}

/** What makes two traces runs of the same input. */
export interface Input {
  inputHash: string;
  context: string | null;
  turn: number | null;
}

export interface Run {
  id: string;
  startedAt: number;
}

/** One side's runs of one input. Small, whatever the runs hold: hashes and a few ids. */
export interface Unit {
  runs: number;
  /** Of the runs that have one: a run without a decision says nothing of it. */
  decisions: Distinct;
  /** Hashes, of the runs that have an output. */
  outputs: Distinct;
  /** The latest runs, latest first; at least one. */
  latest: Run[];
}

export interface Pair {
  key: string;
  before: Unit;
  after: Unit;
}

/** How many trace ids a side of a case names. */
const LATEST = 5;

/** Units are kept by this text. Its order is the order of ties. */
export function keyOf({ inputHash, context, turn }: Input): string {
  return JSON.stringify([inputHash, context, turn]);
}

export function inputOf(key: string): Input {
  const [inputHash, context, turn] = JSON.parse(key) as [string, string | null, number | null];
  return { inputHash, context, turn };
}

export function emptyUnit(): Unit {
  return { runs: 0, decisions: new Distinct(), outputs: new Distinct(), latest: [] };
}

/** Counts a trace as a run of the unit. Traces may come in any order. */
export function addRun(unit: Unit, trace: CohortTrace): void {
  unit.runs++;
  if (trace.decision !== null) unit.decisions.add(trace.decision);
  if (trace.outputHash !== null) unit.outputs.add(trace.outputHash);
  const run = { id: trace.id, startedAt: trace.startedAt };
  const place = unit.latest.findIndex((other) => isLater(run, other));
  if (place >= 0) unit.latest.splice(place, 0, run);
  else if (unit.latest.length < LATEST) unit.latest.push(run);
  if (unit.latest.length > LATEST) unit.latest.pop();
}

/** Of two runs that began together the one with the greater id counts as later. */
export function isLater(a: Run, b: Run): boolean {
  return a.startedAt > b.startedAt || (a.startedAt === b.startedAt && a.id > b.id);
}

/** The inputs that were run on both sides. */
export function* pairsOf(
  before: ReadonlyMap<string, Unit>,
  after: ReadonlyMap<string, Unit>,
): Generator<Pair> {
  for (const [key, unit] of before) {
    const other = after.get(key);
    if (other) yield { key, before: unit, after: other };
  }
}
