/** What is counted, for Prometheus. A registry a service: two in one process don't mix. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Attempt } from '../alert/report.ts';
import type { IngestAnswer } from '../contract/trace.ts';
import { DIFF_OUTCOMES, type DiffDesk, type DiffOutcome } from '../diff-desk/diff-desk.ts';
import type { RecordedRun } from '../store/blob.ts';
import type { Ingested, Recorded } from '../store/store.ts';
import type { PingOutcome } from '../watch/dead-man.ts';
import { addGauges, type Gauged } from './gauges.ts';

export interface Metrics {
  /** What is looked at whenever somebody asks, instead of being told. To be called once. */
  gauge(gauged: Gauged): void;
  ingested(answer: IngestAnswer, unknownLabels: number): void;
  /** What became of the spans of a request. */
  spansIngested(
    spans: Record<SpanOutcome, number>,
    ingested: Pick<Ingested, 'unknownLabels' | 'unmapped'>,
  ): void;
  /** Bytes on their way from the network to the disk. To be called once. */
  gaugeHeld(look: () => number): void;
  /** None of a request's spans was taken. @param status of the answer */
  spansRefused(status: number): void;
  /**
   * @param readMs how long the source took; null where the reading was pushed
   * @param lateMs how long after it was due the read began; null where it was pushed
   */
  read(recorded: Recorded, readMs: number | null, lateMs: number | null): void;
  readingLost(): void;
  attempted(attempt: Pick<Attempt, 'channel' | 'outcome' | 'sinceRecordedMs'>): void;
  /** @param now ms since 1970, UTC */
  pinged(outcome: PingOutcome['kind'], now: number): void;
  /** Diffs whose turn had come, and what became of them. */
  diffed(outcome: DiffOutcome, seconds: number): void;
  /** Diffs in hand. To be called once. */
  gaugeDiffs(desk: Pick<DiffDesk, 'waiting' | 'running'>): void;
  /** What retention let go of. */
  dropped(kind: 'answers' | 'traces' | 'context', count: number): void;
  /** A blob was checked, or was to be. */
  verified(run: RecordedRun): void;
  /** What was asked of the chain, in blobs. */
  chainAsked(answered: number, failed: number): void;
  /** It could not be asked at all. */
  chainOutOfReach(): void;
  /** How many streams of events and of traces are open. */
  eventStreams(count: number): void;
  text(): Promise<string>;
}

export type SpanOutcome = (typeof SPAN_OUTCOMES)[number];
const SPAN_OUTCOMES = ['accepted', 'duplicate', 'rejected', 'context', 'left-out'] as const;

/** From a healthy receiver's answer to the last of the attempts, some days later. */
const LATENCIES = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 1800, 7200, 86_400, 259_200];

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
  const spans = new Counter({
    name: 'underlabel_otlp_spans_total',
    help: 'Spans sent in, by what became of them (context: kept without content, for it is no inference)',
    labelNames: ['outcome'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'underlabel_otlp_refused_total',
    help: 'Requests of spans of which none was taken, by status of the answer',
    labelNames: ['status'] as const,
    registers,
  });
  let heldBytes = () => 0;
  const held = new Gauge({
    name: 'underlabel_ingest_held_bytes',
    help: 'Bodies of traces and spans, and what came of them, that are not stored yet; past the limit requests are answered with 429',
    registers,
  });
  const unmapped = new Counter({
    name: 'underlabel_traces_unmapped_total',
    help: 'Traces of spans accepted that no label has: a rule is missing',
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
  const lateness = new Histogram({
    name: 'underlabel_read_lateness_seconds',
    help: 'How long after they were due reads began',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
    registers,
  });
  const attempts = new Counter({
    name: 'underlabel_delivery_attempts_total',
    help: 'Attempts to deliver an event, by channel and outcome (gone: the channel is disabled)',
    labelNames: ['channel', 'outcome'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'underlabel_delivery_latency_seconds',
    help: 'From when an event was recorded until a channel took it',
    buckets: LATENCIES,
    registers,
  });
  const streams = new Gauge({
    name: 'underlabel_event_streams',
    help: 'Open streams of events and of traces',
    registers,
  });
  const diffs = new Counter({
    name: 'underlabel_diffs_total',
    help: 'Diffs begun, by what became of them (refused: mixed or too large; given-up: nobody waited for it any more, or it took too long)',
    labelNames: ['outcome'] as const,
    registers,
  });
  const diffing = new Histogram({
    name: 'underlabel_diff_duration_seconds',
    help: 'How long diffs took once their turn had come',
    buckets: [0.1, 0.5, 1, 5, 15, 60, 180, 600],
    registers,
  });
  let desk: Pick<DiffDesk, 'waiting' | 'running'> = { waiting: 0, running: 0 };
  const diffsWaiting = new Gauge({
    name: 'underlabel_diffs_waiting',
    help: 'Diffs that wait for their turn; past 16 they are refused with 503',
    registers,
  });
  const diffsRunning = new Gauge({
    name: 'underlabel_diffs_running',
    help: 'Diffs under way: one at a time',
    registers,
  });
  const pings = new Counter({
    name: 'underlabel_ping_total',
    help: "Turns of the dead man's ping, by outcome (held-back: not all is well)",
    labelNames: ['outcome'] as const,
    registers,
  });
  const lastPing = new Gauge({
    name: 'underlabel_ping_last_success_timestamp_seconds',
    help: "When the dead man's ping was last taken, since 1970; 0: not since the start",
    registers,
  });
  const dropped = {
    answers: new Counter({
      name: 'underlabel_answers_dropped_total',
      help: 'Raw answers of sources let go of, because they were old and revealed no change',
      registers,
    }),
    traces: new Counter({
      name: 'underlabel_traces_dropped_total',
      help: 'Traces let go of by age or size',
      registers,
    }),
    context: new Counter({
      name: 'underlabel_context_dropped_total',
      help: 'Groups of spans that are no inferences, let go of by age',
      registers,
    }),
  };
  const verifications = new Counter({
    name: 'underlabel_verifications_total',
    help: 'Runs that fetched a blob and checked its bytes, by outcome',
    labelNames: ['outcome'] as const,
    registers,
  });
  const verifying = new Histogram({
    name: 'underlabel_verification_duration_seconds',
    help: 'How long an attempt at one aggregator took, fetching and encoding together',
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    registers,
  });
  const chainAnswers = new Counter({
    name: 'underlabel_chain_answers_total',
    help: 'Blobs about which the chain was asked, by outcome (answered, failed)',
    labelNames: ['outcome'] as const,
    registers,
  });
  const outOfReach = new Counter({
    name: 'underlabel_chain_out_of_reach_total',
    help: 'How often the chain could not be asked at all',
    registers,
  });
  for (const outcome of ['verified', 'mismatch', 'unavailable']) verifications.inc({ outcome }, 0);
  for (const outcome of ['answered', 'failed']) chainAnswers.inc({ outcome }, 0);
  for (const outcome of ['accepted', 'duplicate', 'rejected']) traces.inc({ outcome }, 0);
  for (const outcome of SPAN_OUTCOMES) spans.inc({ outcome }, 0);
  for (const outcome of DIFF_OUTCOMES) diffs.inc({ outcome }, 0);
  for (const outcome of ['pinged', 'held-back', 'failed']) pings.inc({ outcome }, 0);
  return {
    gauge: (gauged) => addGauges(registers, gauged),
    ingested({ accepted, duplicates, rejected }, unknownLabels) {
      traces.inc({ outcome: 'accepted' }, accepted);
      traces.inc({ outcome: 'duplicate' }, duplicates);
      traces.inc({ outcome: 'rejected' }, rejected.length);
      unknown.inc(unknownLabels);
    },
    spansIngested(counts, ingested) {
      for (const outcome of SPAN_OUTCOMES) spans.inc({ outcome }, counts[outcome]);
      unknown.inc(ingested.unknownLabels);
      unmapped.inc(ingested.unmapped);
    },
    gaugeHeld(look) {
      heldBytes = look;
    },
    spansRefused: (status) => refused.inc({ status: String(status) }),
    read({ observation, change }, readMs, lateMs) {
      const { outcome, error } = observation;
      readings.inc({ outcome, code: error?.code ?? '' });
      if (readMs !== null) seconds.observe(Math.max(readMs, 0) / 1000);
      if (lateMs !== null) lateness.observe(Math.max(lateMs, 0) / 1000);
      if (change) changes.inc({ kind: change.kind });
    },
    readingLost() {
      readings.inc({ outcome: 'lost', code: '' });
    },
    attempted({ channel, outcome, sinceRecordedMs }) {
      // One that was released was not tried.
      if (outcome === 'released') return;
      attempts.inc({ channel, outcome });
      if (outcome === 'delivered') latency.observe(Math.max(sinceRecordedMs, 0) / 1000);
    },
    pinged(outcome, now) {
      pings.inc({ outcome });
      if (outcome === 'pinged') lastPing.set(now / 1000);
    },
    diffed(outcome, took) {
      diffs.inc({ outcome });
      diffing.observe(took);
    },
    gaugeDiffs(given) {
      desk = given;
    },
    dropped: (kind, count) => dropped[kind].inc(count),
    verified({ outcome, attempts }) {
      verifications.inc({ outcome });
      for (const { tookMs } of attempts) verifying.observe(tookMs / 1000);
    },
    chainAsked(answered, failed) {
      chainAnswers.inc({ outcome: 'answered' }, answered);
      chainAnswers.inc({ outcome: 'failed' }, failed);
    },
    chainOutOfReach: () => outOfReach.inc(),
    eventStreams: (count) => streams.set(count),
    text() {
      held.set(heldBytes());
      diffsWaiting.set(desk.waiting);
      diffsRunning.set(desk.running);
      return registry.metrics();
    },
  };
}
