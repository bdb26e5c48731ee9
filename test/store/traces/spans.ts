/** Traces of spans, as they come in, and a mapper whose rules a test may change. */

import { onTestFinished } from 'vitest';
import type { MappedLabel, Mapper, Origin } from '../../../src/store/mapping.ts';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts';
import type { NewTrace } from '../../../src/store/store.ts';
import { type Clock, START, temporaryFolder, trace } from '../opened.ts';

export const ORIGIN: Origin = {
  service: null,
  provider: null,
  requestModel: null,
  responseModel: null,
  declaredLabel: null,
};

export function span(
  id: string,
  origin: Partial<Origin> = {},
  told: Partial<NewTrace> = {},
): NewTrace {
  return { ...trace({ id, label: null }), ...told, origin: { ...ORIGIN, ...origin } };
}

/** Maps requested models by a table that may change; else a label of the model's own name. */
export interface Rules {
  models: Record<string, string>;
}

export function mapperOf(rules: Rules): Mapper {
  return ({ declaredLabel, requestModel }, isLabel): MappedLabel => {
    if (declaredLabel !== null) return { label: declaredLabel, by: 'declared' };
    if (requestModel === null) return null;
    const label = rules.models[requestModel];
    if (label !== undefined) return { label, by: 'rule' };
    return isLabel(requestModel) ? { label: requestModel, by: 'model' } : null;
  };
}

export function openedWith(
  rules: Rules = { models: {} },
  folder = temporaryFolder(),
  clock: Clock = { now: START },
): { store: SqliteStore; folder: string; clock: Clock; rules: Rules } {
  const store = openSqliteStore(folder, () => clock.now, null, mapperOf(rules));
  onTestFinished(() => store.close());
  return { store, folder, clock, rules };
}

/** Until nothing moves any more. */
export async function moved(store: SqliteStore, step = 2): Promise<void> {
  while (await store.moveTraces(step));
}

export async function labelsOf(store: SqliteStore): Promise<Record<string, string | null>> {
  const { items } = await store.traces({ from: null, to: null }, { limit: 1000, before: null });
  return Object.fromEntries(items.map(({ id, label }) => [id, label]));
}
