/** Unmapped traces by where they come from, so that a person can add the rule. */

import { suggestedRule } from '../../contract/suggested-rule.ts';
import { formatTime } from '../../contract/time.ts';
import { unmappedList } from '../../contract/unmapped.ts';
import type { Store } from '../../store/store.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { pageQuery } from '../page.ts';
import { originJson } from '../present-trace.ts';

export function unmappedRoutes(mount: Mount, store: Pick<Store, 'unmapped'>): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/unmapped',
      role: 'read',
      summary: 'Where the traces come from that no label has, the most of them first',
      query: { limit: pageQuery.limit },
      answers: {
        200: { description: 'Each origin, with a rule that would map it', schema: unmappedList },
      },
    },
    async ({ query: { limit }, c }) => {
      const found = await store.unmapped(limit + 1);
      const items = found.slice(0, limit).map(({ origin, traces, lastStartedAt }) => ({
        origin: originJson(origin),
        traces,
        lastStartedAt: formatTime(lastStartedAt),
        rule: suggestedRule(origin),
      }));
      return c.json({ items, more: found.length > limit, nextCursor: null });
    },
  );
}
