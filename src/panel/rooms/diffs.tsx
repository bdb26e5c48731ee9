/** `/diffs`: reports that are kept, all or those of a label; with a label to compare, the form of a new one; sent, it makes the report. */
import type { Context } from 'hono';
import { z } from 'zod';
import { DiffError } from '../../diff/errors.ts';
import type { DiffDesk } from '../../diff-desk/diff-desk.ts';
import { DiffDeskError, type DiffDeskErrorCode } from '../../diff-desk/diff-desk-error.ts';
import { keptDiff } from '../../diff-desk/kept-diff.ts';
import { NeverHeldError } from '../../diff-desk/side.ts';
import type { LabelExtent } from '../../store/label-picture.ts';
import type { StoredDiff } from '../../store/saved-diff.ts';
import type { Store, StoredLabel } from '../../store/store.ts';
import { nearest } from '../../words/nearest.ts';
import { cursorOf, keyOfCursor } from '../cursor.ts';
import { cutLine } from '../cut-line.ts';
import { type DiffProblems, readDiff, type TypedDiff, typedDiff } from '../diff-form.ts';
import { lastDays } from '../last-days.ts';
import { may, type PageContext, pathTo, withQuery } from '../page.ts';
import { NewDiffPage, type Refusal } from '../pages/diff-new.tsx';
import { DiffsPage } from '../pages/diffs.tsx';
import type { Panel } from '../panel.tsx';

export interface DiffMeans {
  store: Store;
  diffDesk: Pick<DiffDesk, 'run'>;
  now: () => number;
}

const A_PAGE = 50;
const LONGEST_GLOB = 200;
/** Of the label's own reports, beside its form. */
const MOST_KEPT = 10;
const DAYS = 14;
const DAY_MS = 86_400_000;
/** Of the picture to choose from: the last month of readings. */
const PICTURED_MS = 30 * DAY_MS;
const STEPS = 100;

const cursorKey = z.strictObject({ createdAt: z.int(), id: z.string().max(100) });
const placeOf = ({ createdAt, id }: StoredDiff) => cursorOf({ createdAt, id });

const REFUSED: Readonly<Partial<Record<DiffDeskErrorCode, [status: number, title: string]>>> = {
  'diff-busy': [503, 'Too many diffs are waiting'],
  'diff-too-slow': [503, 'The diff took too long'],
  'diff-too-large': [422, 'The diff is too large'],
  stopping: [503, 'The service is stopping'],
};

export function diffsRoutes({ page, form, assets }: Panel, means: DiffMeans): void {
  const { store, diffDesk, now } = means;

  page('/diffs', async (c, context) => {
    const typed = typedDiff((field) => c.req.query(field));
    if (typed.label === '') return listed(c, context, null);
    const label = await store.label(typed.label);
    if (!label) return listed(c, context, await unknownLabel(typed.label));
    return shown(c, context, { label, typed, problems: {}, refusal: null }, 200);
  });

  form('/diffs', 'read', async (c, context) => {
    const body = await c.req.parseBody();
    const typed = typedDiff((field) => body[field]);
    const label = await store.label(typed.label);
    if (!label) return listed(c, context, await unknownLabel(typed.label));
    const again = { label, typed, problems: {}, refusal: null };
    const { request, problems } = readDiff(typed, context.zone);
    if (!request) return shown(c, context, { ...again, problems }, 400);
    if (request.hold && !may(context, 'review')) {
      const hold = `needs a key with the role review; you are signed in with ${context.role}`;
      return shown(c, context, { ...again, problems: { hold } }, 403);
    }
    const { signal } = c.req.raw;
    try {
      const { id } = await keptDiff({ store, desk: diffDesk, now }, request, signal);
      return c.redirect(pathTo('diffs', id), 303);
    } catch (error) {
      // The browser is gone: nobody reads this.
      if (signal.aborted) return new Response(null, { status: 499 });
      if (error instanceof NeverHeldError) {
        return shown(c, context, { ...again, problems: { [error.side]: error.message } }, 400);
      }
      const [status, refusal] = refusalOf(error);
      return shown(c, context, { ...again, refusal }, status);
    }
  });

  async function listed(
    c: Context,
    context: PageContext,
    unknown: { label: string; problem: string } | null,
  ): Promise<Response> {
    const before = keyOfCursor(c.req.query('cursor'), cursorKey);
    const of = (c.req.query('of') ?? '').trim().slice(0, LONGEST_GLOB);
    const given = { of: of || null };
    const diffs = await store.diffs({ label: given.of, limit: A_PAGE, before });
    const last = diffs.length === A_PAGE ? diffs.at(-1) : undefined;
    return c.html(
      <DiffsPage
        page={{ ...context, here: withQuery('/diffs', given) }}
        assets={assets}
        diffs={diffs}
        of={of}
        firstPath={before === null ? null : withQuery('/diffs', given)}
        nextPath={last ? withQuery('/diffs', { ...given, cursor: placeOf(last) }) : null}
        unknown={unknown}
      />,
      unknown ? 404 : 200,
    );
  }

  async function shown(
    c: Context,
    context: PageContext,
    given: {
      label: StoredLabel;
      typed: TypedDiff;
      problems: DiffProblems;
      refusal: Refusal | null;
    },
    status: number,
  ): Promise<Response> {
    const { label, ...rest } = given;
    const { from, to } = pictured(await store.labelExtent(label.name), context.now);
    const picture = await store.labelPicture(label.name, { from, to, steps: STEPS, gapMs: null });
    const { zone } = context;
    const days = await lastDays(store, { label: label.name, zone, now: context.now, count: DAYS });
    const kept = await store.diffs({ label: label.name, limit: MOST_KEPT + 1, before: null });
    // The answer to a form has no address of its own to come back to.
    const here = withQuery('/diffs', { label: label.name });
    const props = { page: { ...context, here }, assets, ...rest, picture, from, to, days };
    const mine = { kept: kept.slice(0, MOST_KEPT), keptMore: kept.length > MOST_KEPT };
    return c.html(<NewDiffPage {...props} {...mine} />, status as 200);
  }

  async function unknownLabel(label: string): Promise<{ label: string; problem: string }> {
    const near = nearest(label, await store.labelNames());
    const hint = near ? `did you mean ${cutLine(near)}?` : 'Labels lists all there are';
    return { label, problem: `no label is called so; ${hint}` };
  }
}

/** The last month of what is known; of a label that nobody has read for longer, its own last one. */
function pictured(extent: LabelExtent | null, now: number): { from: number; to: number } {
  const { firstReadAt, lastReadAt } = extent ?? { firstReadAt: null, lastReadAt: null };
  const isOld = lastReadAt !== null && now - lastReadAt > PICTURED_MS;
  const to = isOld ? lastReadAt + DAY_MS : now;
  return { from: Math.max(to - PICTURED_MS, Math.min(firstReadAt ?? to, to - 60_000)), to };
}

/** @throws what nobody foresaw */
function refusalOf(error: unknown): [status: number, Refusal] {
  if (error instanceof DiffError) {
    const { code, side, artifacts } = error;
    return [409, { kind: code, side, artifacts }];
  }
  const told = error instanceof DiffDeskError ? REFUSED[error.code] : undefined;
  if (!told) throw error;
  const detail = `${(error as Error).message}.`;
  return [told[0], { kind: 'told', title: told[1], detail: capital(detail) }];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
