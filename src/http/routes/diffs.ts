/** Diffs: two cohorts of one label's traces, compared. */
import {
  type Cohort,
  type CohortSpec,
  type DiffRequest,
  diffRequest,
  report,
} from '../../contract/diff.ts';
import { formatTime } from '../../contract/time.ts';
import { pickCases } from '../../diff/cases.ts';
import { CohortTally } from '../../diff/cohort.ts';
import { compareCohorts } from '../../diff/comparison.ts';
import { buildReport } from '../../diff/report.ts';
import type { CohortQuery, Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { badRequest } from '../problem.ts';

export function diffRoutes(mount: Mount, store: Store): void {
  endpoint(
    mount,
    {
      method: 'post',
      path: '/api/v1/diffs',
      role: 'read',
      summary: 'Compare the traces of two artifacts or periods',
      body: diffRequest,
      answers: { 200: { description: 'The report', schema: report } },
    },
    async ({ body, c }) => {
      await knownLabel(store, body.label);
      const { label, includeProvisional } = body;
      const sides = {
        before: await queryOf(store, label, body.before, 'before'),
        after: await queryOf(store, label, body.after, 'after'),
      };
      const before = await tally(store, label, sides.before, includeProvisional);
      const after = await tally(store, label, sides.after, includeProvisional);
      const comparison = compareCohorts(before, after);
      const cases = await pickCases(comparison, (ids) => store.texts(ids));
      const artifacts = [...comparison.before.artifacts, ...comparison.after.artifacts];
      const blobIds = await store.blobIdsOf(artifacts.map(({ artifactId }) => artifactId));
      const asked = { before: askedOf(body.before), after: askedOf(body.after) };
      const notes = notesOn(body);
      return c.json(buildReport(comparison, cases, { label, ...asked, blobIds, notes }));
    },
  );
}

async function tally(
  store: Store,
  label: string,
  side: CohortQuery,
  includeProvisional: boolean,
): Promise<CohortTally> {
  const tallied = new CohortTally();
  for await (const batch of store.cohort(label, side)) {
    for (const trace of batch) {
      const counts = includeProvisional && trace.leftOut === 'provisional';
      tallied.add(counts ? { ...trace, leftOut: null } : trace);
    }
  }
  return tallied;
}

/** What a side asks for, looked up: an artifact or blob that this label never held is a mistake worth telling. */
async function queryOf(
  store: Store,
  label: string,
  spec: CohortSpec,
  side: string,
): Promise<CohortQuery> {
  if ('from' in spec) return spec;
  const found =
    'artifact' in spec
      ? [await store.artifact(spec.artifact)]
      : await store.artifactsWith(spec.blobId);
  const held = found.filter((artifact) => artifact?.labels.includes(label));
  if (held.length > 0) return { artifacts: held.map((artifact) => artifact!.artifactId) };
  const [field, id] = Object.entries(spec)[0] as [string, string];
  const message = `'${label}' never held ${id}; see its timeline for what it held`;
  throw badRequest([{ path: `${side}.${field}`, message }]);
}

/** What the comparison itself can't see. */
function notesOn({ before, after, includeProvisional }: DiffRequest): string[] {
  const notes: string[] = [];
  if (includeProvisional) {
    notes.push(
      'Provisional traces are counted: a later reading may still give them to another artifact.',
    );
  }
  const periods = 'from' in before && 'from' in after;
  if (periods && before.from < after.to && after.from < before.to) {
    notes.push('The two periods overlap: traces in both are compared with themselves.');
  }
  return notes;
}

function askedOf(spec: CohortSpec): Cohort['asked'] {
  return 'from' in spec ? { from: formatTime(spec.from), to: formatTime(spec.to) } : spec;
}
