/** Whether a trace is one of those asked for: the filters of lists, on one trace. Pure. */
import { labelGlob } from '../store/label-glob.ts';
import type { StoredTrace, TraceFilter } from '../store/store.ts';

export interface WantedTraces extends Omit<TraceFilter, 'from' | 'to'> {
  /** A glob over the model that was asked for and the one that answered. */
  model?: string | undefined;
}

type Test = (trace: StoredTrace) => boolean;

/** Filters left out let all pass. A label's glob lets no unmapped trace pass, and a model's none without a model. */
export function traceWanted(wanted: WantedTraces): Test {
  const tests = [
    label(wanted.label),
    model(wanted.model),
    equals(wanted.artifact, (trace) => trace.attribution.artifactId),
    equals(wanted.certainty, (trace) => trace.attribution.certainty),
    equals(wanted.observed, (trace) => trace.attribution.observed),
    equals(wanted.conflict, (trace) => trace.attribution.conflict),
    equals(wanted.decision, (trace) => trace.decision),
    equals(wanted.unmapped, (trace) => trace.label === null),
    candidate(wanted.candidate),
  ].filter((test) => test !== null);
  return (trace) => tests.every((test) => test(trace));
}

function label(glob: string | undefined): Test | null {
  if (glob === undefined) return null;
  const { test } = labelGlob(glob);
  return (trace) => trace.label !== null && test(trace.label);
}

function model(glob: string | undefined): Test | null {
  if (glob === undefined) return null;
  const { test } = labelGlob(glob);
  return ({ origin }) =>
    [origin?.requestModel, origin?.responseModel].some((name) => name != null && test(name));
}

function candidate(wanted: WantedTraces['candidate']): Test | null {
  if (wanted === undefined) return null;
  const artifactId = wanted === 'absent' ? null : wanted;
  return (trace) => trace.attribution.candidates.includes(artifactId);
}

function equals<T>(wanted: T | undefined, of: (trace: StoredTrace) => T | null): Test | null {
  return wanted === undefined ? null : (trace) => of(trace) === wanted;
}
