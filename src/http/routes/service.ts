/** How the service itself does. */
import { z } from 'zod';
import { formatDuration } from '../../contract/time.ts';
import type { Store } from '../../store/store.ts';
import type { Watcher } from '../../watch/watcher.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import type { Metrics } from '../metrics.ts';
import { ProblemError } from '../problem.ts';

interface Means {
  store: Pick<Store, 'check'>;
  watcher: Pick<Watcher, 'overdue'>;
  metrics: Pick<Metrics, 'text'>;
  onError: (error: unknown, request: string) => void;
}

export function serviceRoutes(mount: Mount, { store, watcher, metrics, onError }: Means): void {
  const text = (description: string) => ({
    200: { description, schema: z.string(), type: 'text/plain' },
  });

  endpoint(
    mount,
    {
      method: 'get',
      path: '/healthz',
      role: null,
      summary: 'Whether the process answers',
      answers: text('It does'),
    },
    async ({ c }) => c.text('ok\n'),
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/readyz',
      role: null,
      summary: 'Whether the service does its work: its database, and every label confirmed in time',
      answers: text('It does'),
    },
    async ({ c }) => {
      await store.check().catch((cause: unknown) => {
        onError(cause, 'GET /readyz');
        const detail = 'the database can not be used; what is wrong with it was logged';
        throw new ProblemError('not-ready', detail, { cause });
      });
      refuseOverdue(watcher);
      return c.text('ready\n');
    },
  );

  endpoint(
    mount,
    {
      method: 'get',
      path: '/metrics',
      role: 'read',
      summary: 'What is counted, for Prometheus',
      answers: text('Metrics in the text format 0.0.4'),
    },
    async ({ c }) => {
      return c.text(await metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4' });
    },
  );
}

/** Names are for those with a key: here anybody may ask. */
function refuseOverdue(watcher: Pick<Watcher, 'overdue'>): void {
  const { count, oldestMs } = watcher.overdue();
  if (count === 0) return;
  const labels = count === 1 ? '1 label was' : `${count} labels were`;
  const longest = formatDuration(Math.floor(oldestMs / 1000) * 1000);
  const detail = `${labels} not confirmed in time (the longest not for ${longest}), so nobody knows what is under them now; see 'underlabel label ls'`;
  throw new ProblemError('not-ready', detail);
}
