/** Lets go of traces beyond what is kept, the oldest first, in steps that keep nobody waiting. */
import type { TraceLimits } from '../../store.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import type { Holds, Period } from './holds.ts';
import type { Origins } from './origins.ts';
import { type Texts, type Uses, use } from './texts.ts';

interface Old {
  seq: number;
  recordedAt: number;
  originId: number | null;
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
  readonly #oldest;
  readonly #delete;
  readonly #note;

  constructor(db: Db, labels: Labels, origins: Origins, texts: Texts, holds: Holds) {
    this.#labels = labels;
    this.#origins = origins;
    this.#texts = texts;
    this.#holds = holds;
    this.#oldest = db.$client.prepare<{ labelId: number | null; limit: number } & Period, Old>(
      `SELECT seq, recorded_at AS recordedAt, origin_id AS originId, bytes, input_ref AS inputRef, output_ref AS outputRef,
         attributes_ref AS attributesRef
       FROM traces WHERE label_id IS :labelId
         AND started_at >= CAST(:from AS INTEGER) AND started_at < CAST(:to AS INTEGER)
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
    return old.length;
  }

  #old(labelId: number | null, before: number, limit: number): Old[] {
    const all = [{ from: Number.MIN_SAFE_INTEGER, to: before }];
    const periods = labelId === null ? all : this.#holds.freePeriods(labelId, before);
    const found: Old[] = [];
    for (const period of periods) {
      if (found.length >= limit) break;
      found.push(...this.#oldest.all({ labelId, ...period, limit: limit - found.length }));
    }
    return found;
  }

  #drop(old: readonly Old[], labelId: number | null): void {
    const uses: Uses = new Map();
    for (const { seq, recordedAt, inputRef, outputRef, attributesRef } of old) {
      this.#delete.run(seq);
      this.#note.run(seq, recordedAt);
      for (const ref of [inputRef, outputRef, attributesRef]) if (ref !== null) use(uses, ref);
    }
    this.#texts.release(uses);
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
