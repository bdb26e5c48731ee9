/** Settings of traces: which label they belong to, and how long they are kept. */
import type { z } from 'zod';
import { labelRules } from '../contract/label-rule.ts';
import { KEPT_HINT, keptFor, retention } from '../contract/retention.ts';
import { accepting, explaining } from './accepting.ts';

const DAY_MS = 86_400_000;

/** To be merged into the whole of the settings. */
export const traceShape = {
  rules: explaining(labelRules).default([]),
  retention: explaining(retention).default([]),
  keepTraces: accepting<number | null>(keptFor, KEPT_HINT).default(null),
  keepContext: accepting<number | null>(keptFor, KEPT_HINT).default(30 * DAY_MS),
} satisfies z.ZodRawShape;
