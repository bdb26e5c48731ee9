/** How the service itself does. */
import { z } from 'zod';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import type { Metrics } from '../metrics.ts';

interface Means {
  store: Store;
  metrics: Metrics;
}

export function serviceRoutes(mount: Mount, { store, metrics }: Means): void {
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
      summary: 'Whether the service can do its work',
      answers: text('It can'),
    },
    async ({ c }) => {
      await store.check();
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
