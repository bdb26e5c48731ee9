/** Traces that no label has, by where they come from, and labels that nobody registered: what a person has to do. */

import { suggestedRule } from '../../contract/suggested-rule.ts';
import { formatTime } from '../../contract/time.ts';
import {
  type UnmappedOriginJson,
  type UnregisteredLabelJson,
  unmappedList,
} from '../../contract/unmapped.ts';
import type { UnmappedOrigin, UnregisteredLabel } from '../../store/mapping.ts';
import type { Store } from '../../store/store.ts';
import { unregisteredAdvice } from '../../words/unregistered-advice.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { pageQuery } from '../page.ts';
import { originJson } from '../present-trace.ts';

export function unmappedRoutes(
  mount: Mount,
  store: Pick<Store, 'unmapped' | 'unregistered'>,
): void {
  endpoint(
    mount,
    {
      method: 'get',
      path: '/api/v1/unmapped',
      role: 'read',
      summary:
        'Where the traces come from that no label has, and labels that traces have but nobody registered; the most traces first',
      query: {
        limit: pageQuery.limit.describe('Of origins, and of labels that nobody registered'),
      },
      answers: {
        200: {
          description:
            'Each origin with a rule that would map it, and each label with what to do about it',
          schema: unmappedList,
        },
      },
    },
    async ({ query: { limit }, c }) => {
      const found = await store.unmapped(limit + 1);
      const unregistered = await store.unregistered(limit + 1);
      return c.json({
        items: found.slice(0, limit).map(unmappedJson),
        more: found.length > limit,
        nextCursor: null,
        unregistered: unregistered.slice(0, limit).map(unregisteredJson),
        moreUnregistered: unregistered.length > limit,
      });
    },
  );
}

function unmappedJson({ origin, traces, lastStartedAt }: UnmappedOrigin): UnmappedOriginJson {
  return {
    origin: originJson(origin),
    traces,
    lastStartedAt: formatTime(lastStartedAt),
    rule: suggestedRule(origin),
  };
}

function unregisteredJson({
  firstStartedAt,
  lastStartedAt,
  origin,
  ...found
}: UnregisteredLabel): UnregisteredLabelJson {
  return {
    ...found,
    firstStartedAt: formatTime(firstStartedAt),
    lastStartedAt: formatTime(lastStartedAt),
    origin: origin && originJson(origin),
    advice: unregisteredAdvice(found.label, found.labelBy),
  };
}
