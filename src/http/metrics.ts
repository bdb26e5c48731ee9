/** What is counted, for Prometheus. A registry a service: two in one process don't mix. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { IngestAnswer } from '../contract/trace.ts';
import type { Recorded } from '../store/store.ts';

export interface Metrics {
  ingested(answer: IngestAnswer, unknownLabels: number): void;
  /** @param readMs how long the source took; null where the reading was pushed */
  read(recorded: Recorded, readMs: number | null): void;
  readingLost(): void;
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const traces = new Counter({
    name: 'underlabel_traces_total',
    help: 'Traces sent in, by what became of them',
    labelNames: ['outcome'] as const,
    registers,
  });
  const unknown = new Counter({
    name: 'underlabel_traces_unknown_label_total',
    help: 'Traces accepted whose label nobody registered: unobserved until somebody does',
    registers,
  });
  const readings = new Counter({
    name: 'underlabel_readings_total',
    help: 'Readings of labels, by outcome and, for failed ones, code',
    labelNames: ['outcome', 'code'] as const,
    registers,
  });
  const changes = new Counter({
    name: 'underlabel_changes_total',
    help: 'Changes detected, by kind; backfills send none',
    labelNames: ['kind'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'underlabel_reading_duration_seconds',
    help: 'How long sources take to answer',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 20],
    registers,
  });
  for (const outcome of ['accepted', 'duplicate', 'rejected']) traces.inc({ outcome }, 0);
  return {
    ingested({ accepted, duplicates, rejected }, unknownLabels) {
      traces.inc({ outcome: 'accepted' }, accepted);
      traces.inc({ outcome: 'duplicate' }, duplicates);
      traces.inc({ outcome: 'rejected' }, rejected.length);
      unknown.inc(unknownLabels);
    },
    read({ observation, change }, readMs) {
      const { outcome, error } = observation;
      readings.inc({ outcome, code: error?.code ?? '' });
      if (readMs !== null) seconds.observe(Math.max(readMs, 0) / 1000);
      if (change) changes.inc({ kind: change.kind });
    },
    readingLost() {
      readings.inc({ outcome: 'lost', code: '' });
    },
    text: () => registry.metrics(),
  };
}
