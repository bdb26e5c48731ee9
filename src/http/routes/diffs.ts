/** Diffs: made, kept, listed, shown, let go of. */
import { z } from 'zod';
import { diffRequest, report } from '../../contract/diff.ts';
import {
  diffId,
  diffLabels,
  REPORT_FORMATS,
  type SavedDiffJson,
  savedDiff,
  severalArtifacts,
} from '../../contract/saved-diff.ts';
import { formatTime } from '../../contract/time.ts';
import { DiffError } from '../../diff/errors.ts';
import type { DiffDesk } from '../../diff-desk/diff-desk.ts';
import { DiffDeskError } from '../../diff-desk/diff-desk-error.ts';
import { keptDiff } from '../../diff-desk/kept-diff.ts';
import { NeverHeldError } from '../../diff-desk/side.ts';
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { knownLabel } from '../known-label.ts';
import { decodeCursor, listOf, pageOf, pageQuery } from '../page.ts';
import { badRequest, ProblemError } from '../problem.ts';
import { renderedReport } from '../rendered-report.ts';

interface Means {
  store: Store;
  desk: Pick<DiffDesk, 'run'>;
  now: () => number;
  onError: (error: unknown, request: string) => void;
}

const PATH = '/api/v1/diffs';
const params = { id: diffId };
const cursorKey = z.strictObject({ createdAt: z.int(), id: z.string() });
/** Diffs take a minute at most where they aren't enormous. */
const BUSY_SECONDS = '30';

export function diffRoutes(mount: Mount, { store, desk, now, onError }: Means): void {
  endpoint(
    mount,
    {
      method: 'post',
      path: PATH,
      role: 'read',
      summary: 'Compare the traces of two artifacts or periods; with `hold`, role `review`',
      body: diffRequest,
      answers: {
        200: {
          description:
            'The report, in its canonical form. It is kept, and the traces that it names with it',
          schema: report,
        },
        409: {
          description: 'A side is a period in which several artifacts answered',
          schema: severalArtifacts,
          type: 'application/problem+json',
        },
      },
    },
    async ({ body, c }) => {
      if (body.hold) mount.gate(c, 'review');
      await knownLabel(store, body.label);
      const { signal } = c.req.raw;
      const diff = await keptDiff({ store, desk, now }, body, signal).catch((error: unknown) => {
        if (signal.aborted) return null;
        throw asDiffProblem(error, (cause) => onError(cause, `POST ${PATH}`));
      });
      // Its client is gone: nobody reads this.
      if (!diff) return new Response(null, { status: 499 });
      return c.body(diff.report.slice(), 200, {
        'content-type': 'application/json',
        'content-location': `${PATH}/${diff.id}`,
      });
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: PATH,
      role: 'read',
      summary: 'Saved diffs, newest first',
      query: { label: diffLabels, ...pageQuery },
      answers: { 200: { description: 'A page of diffs', schema: listOf(savedDiff) } },
    },
    async ({ query: { label, limit, cursor }, c }) => {
      const before = decodeCursor(cursor, cursorKey);
      const found = await store.diffs({ label, limit, before });
      const keyOf = ({ createdAt, id }: StoredDiff) => ({ createdAt, id });
      return c.json(pageOf(found, limit, keyOf, savedDiffJson));
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: `${PATH}/{id}`,
      role: 'read',
      summary: 'The report of a saved diff, byte by byte as it was answered, or as a page',
      params,
      query: { format: z.enum(REPORT_FORMATS).default('json') },
      answers: {
        200: {
          description: 'The report; as `markdown`, `html` (without scripts) or `junit` where asked',
          schema: report,
        },
      },
    },
    async ({ params: { id }, query: { format }, c }) => {
      const found = await store.diff(id);
      if (!found) throw unknownDiff(id);
      return renderedReport(c, found.report, format);
    },
  );

  endpoint(
    mount,
    {
      method: 'delete',
      path: `${PATH}/{id}`,
      role: 'review',
      summary: 'Let go of a saved diff and its holds: retention counts again for its traces',
      params,
      answers: { 200: { description: 'The diff as it was listed', schema: savedDiff } },
    },
    async ({ params: { id }, c }) => {
      const found = await store.diff(id);
      if (!found || !(await store.removeDiff(id))) throw unknownDiff(id);
      return c.json(savedDiffJson(found));
    },
  );
}

function savedDiffJson(diff: StoredDiff): SavedDiffJson {
  const { id, label, summary, verdict, createdAt } = diff;
  return {
    ...{ id, label, summary },
    verdict: verdict as SavedDiffJson['verdict'],
    createdAt: formatTime(createdAt),
    before: JSON.parse(diff.before) as SavedDiffJson['before'],
    after: JSON.parse(diff.after) as SavedDiffJson['after'],
  };
}

function unknownDiff(id: string): ProblemError {
  const detail = `no diff '${id}' is kept; ask for it anew with POST ${PATH}`;
  return new ProblemError('unknown-diff', detail);
}

/** What kept the desk from a report, as it is answered. @param unforeseen told of what nobody foresaw */
function asDiffProblem(error: unknown, unforeseen: (cause: unknown) => void): unknown {
  if (error instanceof DiffError) {
    const { side, artifacts } = error;
    return new ProblemError(error.code, error.message, { more: { side, artifacts } });
  }
  if (error instanceof NeverHeldError) {
    return badRequest([{ path: `${error.side}.${error.field}`, message: error.message }]);
  }
  if (!(error instanceof DiffDeskError)) return error;
  if (error.code === 'diff-failed') unforeseen(error);
  const headers: Record<string, string> =
    error.code === 'diff-busy' ? { 'retry-after': BUSY_SECONDS } : {};
  return new ProblemError(error.code, error.message, { cause: error, headers });
}
