/** Tags: what a scene expects of one, and how it is shown. */
import type { TraceJson } from '../../contract/trace.ts';
import type { Release } from '../model.ts';
import { expectFact } from './api.ts';
import { artifactName, type Stage } from './stage.ts';

type Certainty = TraceJson['attribution']['certainty'];

/** @throws MissingFact where the tag is less, more or other than this */
export function expectTag(
  stage: Stage,
  trace: TraceJson,
  expected: { certainty: Certainty; release: Release; conflict?: boolean },
): void {
  const { certainty, artifactId, conflict } = trace.attribution;
  const holds =
    certainty === expected.certainty &&
    artifactId === stage.artifacts.get(expected.release) &&
    conflict === (expected.conflict ?? false);
  expectFact(
    `the trace of ${trace.startedAt} is ${expected.certainty}, from ${expected.release}`,
    holds,
    trace.attribution,
  );
}

/** How certain, then which artifact or which candidates. */
export function tagText(stage: Stage, { attribution }: TraceJson): string {
  const { certainty, artifactId, candidates } = attribution;
  if (certainty !== 'ambiguous') return `${certainty}: ${artifactName(stage, artifactId)}`;
  return `${certainty}: ${candidates.map((each) => artifactName(stage, each)).join(' or ')}`;
}
