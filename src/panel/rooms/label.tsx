/** `/labels/:name`: one label, over the stretch of time that the URL names. */
import type { LabelExtent } from '../../store/label-picture.ts';
import { isOverdue } from '../../store/overview.ts';
import type { Store, StoredObservation } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { ReadDropped, type Watcher } from '../../watch/watcher.ts';
import { within } from '../../watch/within.ts';
import { nearest } from '../../words/nearest.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { LabelPage, type Watched } from '../pages/label.tsx';
import { LabelUnknownPage } from '../pages/label-unknown.tsx';
import { PageError, type Panel } from '../panel.tsx';
import { bucketMs, type TimelineRange, timelineRange } from '../timeline-range.ts';

export interface LabelMeans {
  store: Store;
  watcher: Pick<Watcher, 'readNow' | 'nextAt' | 'deadlineIntervals'>;
  clock: Pick<Clock, 'after'>;
}

/** Of time, in which readings are told apart. */
const STEPS = 400;
const LONGEST_NAME = 200;
const WAIT_MS = 5000;
/** So long a reading that was asked for may be looked forward to. */
const ASKED_MS = 600_000;

export function labelRoutes({ page, form, assets }: Panel, means: LabelMeans): void {
  const { store, watcher } = means;

  page('/labels/:name', async (c, context) => {
    const name = c.req.param('name') ?? '';
    const extent = name.length > LONGEST_NAME ? null : await store.labelExtent(name);
    const newest = extent?.isRegistered === false ? await newestTrace(name) : null;
    // Traces that named it are gone: nobody knows the name any more.
    if (extent === null || (!extent.isRegistered && newest === null)) {
      const near = nearest(name.slice(0, LONGEST_NAME), await store.labelNames());
      const unknown = { page: context, assets, name, near };
      return c.html(<LabelUnknownPage {...unknown} />, 404);
    }
    const { from, to, range: preset, read, asked } = c.req.query();
    const range = timelineRange({ from, to, range: preset }, context.zone, known(extent, context));
    const stepMs = bucketMs(range);
    const watched = extent.isRegistered ? await watchedOf(name, extent, range, context.now) : null;
    const steps = { from: floorTo(range.from, stepMs), to: ceilTo(range.to, stepMs), stepMs };
    return c.html(
      <LabelPage
        page={context}
        assets={assets}
        name={name}
        watched={watched}
        labelBy={newest?.labelBy ?? null}
        extent={extent}
        range={range}
        counts={await store.traceCounts(name, steps)}
        read={watched?.newest?.id === read ? (watched?.newest ?? null) : null}
        asked={askedAt(asked, watched?.newest ?? null, context.now)}
      />,
    );
  });

  form('/labels/:name/read', 'admin', async (c, context) => {
    const name = c.req.param('name') ?? '';
    const running = watcher.readNow(name);
    if (!running) {
      const detail = 'Its readings are pushed, or it is not watched; there is nothing to ask.';
      throw new PageError(409, 'Nothing can be read', detail);
    }
    const done = await within(WAIT_MS, means.clock, running).catch((error: unknown) => {
      if (!(error instanceof ReadDropped)) throw error;
      throw new PageError(503, 'It was not read', error.message);
    });
    const what = done === null ? { asked: context.now } : { read: done.observation.id };
    return c.redirect(`${withQuery(pathTo('labels', name), what)}#watch`, 303);
  });

  async function newestTrace(label: string) {
    const page = { limit: 1, before: null, texts: false };
    const { items } = await store.traces({ label, from: null, to: null }, page);
    return items[0] ?? null;
  }

  async function watchedOf(
    name: string,
    { lastReadAt }: LabelExtent,
    { from, to }: TimelineRange,
    now: number,
  ): Promise<Watched | null> {
    const label = await store.label(name);
    if (!label) return null;
    const { createdAt, removedAt } = label;
    const { deadlineIntervals } = watcher;
    const everyMs = label.source.kind === 'push' ? null : label.everyMs;
    const gapMs = everyMs === null ? null : deadlineIntervals * everyMs;
    const watching = { everyMs, confirmedAt: lastReadAt ?? createdAt, removedAt };
    const artifactId = label.current?.artifactId;
    const artifact = artifactId ? await store.artifact(artifactId) : null;
    const changeId = label.current?.evidence?.changeId;
    return {
      label,
      picture: await store.labelPicture(name, { from, to, steps: STEPS, gapMs }),
      paths: artifact?.files.map(({ path }) => path) ?? [],
      change: changeId === undefined ? null : await store.change(changeId),
      newest: (await store.observations(name, { limit: 1, before: null }))[0] ?? null,
      nextAt: watcher.nextAt(name),
      isOverdue: isOverdue(watching, { now, deadlineIntervals }),
      settings: await store.labelSettings(name),
    };
  }
}

/** From the first that is known to now; at least the last minute. */
function known({ firstReadAt, traced }: LabelExtent, { now }: PageContext) {
  const first = Math.min(firstReadAt ?? now, traced?.from ?? now, now - 60_000);
  return { from: first, to: now };
}

/** When a reading was asked for that is not recorded yet; null where there was none, or long ago. */
function askedAt(given: string | undefined, newest: StoredObservation | null, now: number) {
  const asked = /^\d{1,15}$/.test(given ?? '') ? Number(given) : null;
  if (asked === null || asked > now || now - asked > ASKED_MS) return null;
  return newest !== null && newest.recordedAt >= asked ? null : asked;
}

function floorTo(at: number, step: number): number {
  return Math.floor(at / step) * step;
}

function ceilTo(at: number, step: number): number {
  return Math.ceil(at / step) * step;
}
