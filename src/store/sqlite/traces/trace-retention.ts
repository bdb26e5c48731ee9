/** Lets go of traces beyond what is kept, the oldest first, in steps that keep nobody waiting. */
import type { TraceLimits } from '../../store.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Holds, Period } from './holds.ts';
import { HourCounts } from './hour-counts.ts';
import type { Origins } from './origins.ts';
import { type Texts, type Uses, use } from './texts.ts';
import type { TraceHours } from './trace-hours.ts';

interface Old {
  seq: number;
  startedAt: number;
  recordedAt: number;
  originId: number | null;
  decision: string | null;
  blobId: string | null;
  bytes: number;
  inputRef: number | null;
  outputRef: number | null;
  attributesRef: number | null;
}

export class TraceRetention {
  readonly #labels: Labels;
  readonly #origins: Origins;
  readonly #texts: Texts;
  readonly #holds: Holds;
  readonly #hours: TraceHours;
  readonly #oldest;
  readonly #delete;
  readonly #note;
  /** Of a label whose traces are being dropped: none is left before it but those that stay. */
  readonly #reached = new Map<number | null, number>();

  constructor(
    db: Db,
    labels: Labels,
    origins: Origins,
    texts: Texts,
    holds: Holds,
    hours: TraceHours,
  ) {
    this.#labels = labels;
    this.#origins = origins;
    this.#texts = texts;
    this.#holds = holds;
    this.#hours = hours;
    this.#oldest = db.$client.prepare<{ labelId: number | null; limit: number } & Period, Old>(
      `SELECT seq, started_at AS startedAt, recorded_at AS recordedAt, origin_id AS originId,
         decision, blob_id AS blobId, bytes,
         input_ref AS inputRef, output_ref AS outputRef, attributes_ref AS attributesRef
       FROM traces WHERE label_id IS :labelId
         AND started_at >= CAST(:from AS INTEGER) AND started_at < CAST(:to AS INTEGER)
         AND NOT EXISTS (SELECT 1 FROM diff_traces d WHERE d.trace_seq = traces.seq)
       ORDER BY started_at LIMIT CAST(:limit AS INTEGER)`,
    );
    this.#note = db.$client.prepare<[number, number]>(
      `INSERT INTO dropped_traces (id, seq, recorded_at) VALUES (1, ?, ?)
       ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq),
         recorded_at = max(recorded_at, excluded.recorded_at)`,
    );
    this.#delete = db.$client.prepare<[number]>('DELETE FROM traces WHERE seq = ?');
  }

  /** Inside a transaction. @returns how many traces it dropped */
  drop({ label, before, bytes }: TraceLimits, limit: number): number {
    const row = label === null ? null : this.#labels.find(label);
    if (label !== null && !row) return 0;
    const labelId = row?.id ?? null;
    const old = before === null ? [] : this.#old(labelId, before, limit);
    const more = limit - old.length;
    if (bytes !== null && more > 0) {
      const stored = row ? row.traceBytes : this.#origins.unmappedBytes();
      const excess = stored - bytes - sum(old);
      const seqs = new Set(old.map(({ seq }) => seq));
      const next = excess > 0 ? this.#old(labelId, Number.MAX_SAFE_INTEGER, limit) : [];
      old.push(...worth(next.filter(({ seq }) => !seqs.has(seq)).slice(0, more), excess));
    }
    this.#drop(old, labelId);
    // What saved diffs name isn't looked through again at each step, but anew once the last is taken:
    // older traces may have come, or a diff have gone.
    const last = old.at(-1);
    if (last && old.length === limit) this.#reached.set(labelId, last.startedAt);
    else this.#reached.delete(labelId);
    return old.length;
  }

  #old(labelId: number | null, before: number, limit: number): Old[] {
    const reached = this.#reached.get(labelId) ?? Number.MIN_SAFE_INTEGER;
    const all = [{ from: Number.MIN_SAFE_INTEGER, to: before }];
    const periods = labelId === null ? all : this.#holds.freePeriods(labelId, before);
    const found: Old[] = [];
    for (const { from, to } of periods) {
      if (found.length >= limit) break;
      const asked = { labelId, from: Math.max(from, reached), to, limit: limit - found.length };
      found.push(...this.#oldest.all(asked));
    }
    return found;
  }

  #drop(old: readonly Old[], labelId: number | null): void {
    this.#hours.write();
    const uses: Uses = new Map();
    const counts = new HourCounts();
    for (const trace of old) {
      const { seq, recordedAt, inputRef, outputRef, attributesRef } = trace;
      if (labelId !== null && this.#hours.counting.has(seq)) counts.add(labelId, trace, -1);
      this.#delete.run(seq);
      this.#note.run(seq, recordedAt);
      for (const ref of [inputRef, outputRef, attributesRef]) if (ref !== null) use(uses, ref);
    }
    this.#texts.release(uses);
    this.#hours.apply(counts);
    if (labelId !== null) {
      this.#labels.countBytes(labelId, -sum(old));
      return;
    }
    for (const [originId, traces] of Map.groupBy(old, (trace) => trace.originId!)) {
      const count = { traces: -traces.length, bytes: -sum(traces), lastAt: null };
      this.#origins.countUnmapped(originId, count);
    }
  }
}

const sum = (traces: readonly Old[]) => traces.reduce((bytes, trace) => bytes + trace.bytes, 0);

/** The first of them that have so many bytes together. */
function worth(traces: readonly Old[], bytes: number): Old[] {
  let left = bytes;
  return traces.filter((trace) => {
    const wanted = left > 0;
    left -= trace.bytes;
    return wanted;
  });
}
