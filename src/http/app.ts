/** The Hono app: every route, and what holds for all of them. */
import { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Sender } from '../alert/sender.ts';
import type { DiffDesk } from '../diff-desk/diff-desk.ts';
import { Admission, admissionLimit } from '../ingest/admission.ts';
import type { TraceParser } from '../ingest/parser.ts';
import { docsPage } from '../panel/docs-page.tsx';
import { openPanel } from '../panel/open-panel.tsx';
import { PageError } from '../panel/panel.tsx';
import type { Recorded, Store } from '../store/store.ts';
import type { BlobDesk } from '../watch/blob-desk.ts';
import type { Clock } from '../watch/clock.ts';
import type { Watcher } from '../watch/watcher.ts';
import { createGate, type Key } from './access.ts';
import { apiDocument } from './api-document.ts';
import { ownPolicies } from './content-policy.ts';
import type { Mount } from './endpoint.ts';
import { LargeParts } from './large-parts.ts';
import { lastResort } from './last-resort.ts';
import type { Metrics } from './metrics.ts';
import { openStreams } from './open-streams.ts';
import { createDoor } from './panel-door.ts';
import { asProblem, ProblemError, problemResponse, statusOf, titleOf } from './problem.ts';
import { artifactDiffRoutes } from './routes/artifact-diff.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { backupRoutes } from './routes/backup.ts';
import { blobRoutes } from './routes/blobs.ts';
import { channelRoutes } from './routes/channels.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { diffRoutes } from './routes/diffs.ts';
import { eventRoutes } from './routes/events.ts';
import { holdRoutes } from './routes/holds.ts';
import { labelRoutes } from './routes/labels.ts';
import { observationRoutes } from './routes/observations.ts';
import { otlpRoutes } from './routes/otlp.ts';
import { serviceRoutes } from './routes/service.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { traceContextRoutes } from './routes/trace-context.ts';
import { traceExportRoutes } from './routes/trace-export.ts';
import { traceIdRoutes } from './routes/trace-ids.ts';
import { traceStreamRoutes } from './routes/trace-stream.ts';
import { traceRoutes } from './routes/traces.ts';
import { unmappedRoutes } from './routes/unmapped.ts';
import { createIntake } from './trace-intake.ts';

export interface AppOptions {
  store: Store;
  watcher: Watcher;
  sender: Pick<Sender, 'attempted' | 'wake'>;
  desk: BlobDesk;
  diffDesk: Pick<DiffDesk, 'run' | 'waiting' | 'running'>;
  metrics: Metrics;
  parser: TraceParser;
  keys: readonly Key[];
  maxBodyBytes: number;
  /** Of traces that are on their way to the disk; by default what `admissionLimit` says. */
  ingestLimitBytes?: number;
  now: () => number;
  /** For what waits: streams of events, and clients that take nothing. */
  clock: Pick<Clock, 'after' | 'elapsed'>;
  /** Ends what would go on for ever, as streams of events do. */
  stopping: AbortSignal;
  /** Where there is room for a copy of the database. */
  dataFolder: string;
  version: string;
  /** Told of each reading that was pushed. */
  onPushed: (recorded: Recorded) => void;
  /** Told of errors that nobody foresaw. */
  onError: (error: unknown, request: string) => void;
}

export function createApp(options: AppOptions): Hono {
  const { store, watcher, sender, metrics, parser, now, clock, stopping, onError } = options;
  const app = new Hono();
  const registry = new OpenAPIRegistry();
  const door = createDoor(options.keys, () => clock.elapsed());
  const gate = createGate(options.keys, door.sessionOf);
  const mount: Mount = { app, registry, gate, maxBodyBytes: options.maxBodyBytes };
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });

  app.use(ownPolicies);
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] },
      strictTransportSecurity: false,
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('cache-control', 'no-store');
  });
  app.onError((error, c) => {
    const problem = asProblem(error);
    if (problem.code === 'internal') onError(error, `${c.req.method} ${c.req.path}`);
    return problemResponse(problem);
  });

  labelRoutes(mount, { store, watcher, now });
  observationRoutes(mount, { store, watcher, now, onPushed: options.onPushed });
  timelineRoutes(mount, store, now);
  const room = new LargeParts();
  const streams = openStreams({ metrics, clock, stopping, room, onError });
  // Before `traces/{id}`, which would take these for ids.
  traceExportRoutes(mount, { store, clock, stopping, room, onError });
  traceStreamRoutes(mount, { store, clock, streams });
  const { maxBodyBytes, ingestLimitBytes = admissionLimit(maxBodyBytes) } = options;
  const admission = new Admission({ limitBytes: ingestLimitBytes, clock });
  metrics.gaugeHeld(() => admission.heldBytes);
  const intake = createIntake({ admission, parser, maxBodyBytes });
  traceRoutes(mount, { store, watcher, metrics, intake, now });
  otlpRoutes(mount, { store, watcher, metrics, intake, now, onError });
  traceContextRoutes(mount, store);
  traceIdRoutes(mount, store);
  unmappedRoutes(mount, store);
  holdRoutes(mount, { store, now });
  artifactRoutes(mount, store, options.desk);
  artifactDiffRoutes(mount, store, options.desk);
  blobRoutes(mount, { store, desk: options.desk, clock });
  metrics.gaugeDiffs(options.diffDesk);
  diffRoutes(mount, { store, desk: options.diffDesk, now, onError });
  channelRoutes(mount, { store, sender, now });
  deliveryRoutes(mount, { store, sender, now });
  eventRoutes(mount, { store, clock, streams });
  backupRoutes(mount, { store, dataFolder: options.dataFolder, clock, now, stopping, onError });

  serviceRoutes(mount, { store, watcher, metrics, onError });

  const document = apiDocument(registry, options.version);
  app.get('/openapi.json', (c) => {
    gate(c, 'read');
    return c.json(document());
  });
  app.get('/docs', (c) => {
    gate(c, 'read');
    return c.html(docsPage(document()));
  });

  app.notFound((c) => problemResponse(notFound(app, c.req.method, c.req.path)));
  const panel = openPanel({
    ...options,
    door,
    asProblem(error, request) {
      if (error instanceof PageError) return { ...error, detail: error.message };
      const problem = asProblem(error);
      if (problem.code === 'internal') onError(error, request);
      return { status: statusOf(problem), title: titleOf(problem), detail: problem.message };
    },
  });
  return besideEachOther(app, panel, onError);
}

/** What programs ask for; all other paths are pages. */
const FOR_PROGRAMS = /^\/(api\/|v1\/|docs$|openapi\.json$|healthz$|readyz$|metrics$)/;

/** Two apps on one port: their headers and limits have nothing in common. */
function besideEachOther(api: Hono, panel: Hono, onError: AppOptions['onError']): Hono {
  const pages = panel.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ path }) => patternOf(path));
  return lastResort((c) => {
    const { path, raw } = c.req;
    const isForPeople = () =>
      c.req.header('accept')?.includes('text/html') || pages.some((page) => page.test(path));
    const app = !FOR_PROGRAMS.test(path) && isForPeople() ? panel : api;
    return app.fetch(raw, c.env);
  }, onError);
}

/** @param route with `:name` for parameters */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`);
}

/** A path that is there for another method is told apart from one that isn't there at all. */
function notFound(app: Hono, method: string, path: string): ProblemError {
  const allowed = new Set(
    app.routes.flatMap((route) => {
      // What holds for all of them is no place of its own.
      if (route.method === 'ALL') return [];
      if (!patternOf(route.path).test(path)) return [];
      return route.method === 'GET' ? ['GET', 'HEAD'] : [route.method];
    }),
  );
  if (allowed.size === 0) {
    return new ProblemError('not-found', `nothing is at ${path}; see /docs for what there is`);
  }
  const allow = [...allowed].join(', ');
  const detail = `${method} can't be done at ${path}; what can: ${allow}`;
  return new ProblemError('method-not-allowed', detail, { headers: { allow } });
}
