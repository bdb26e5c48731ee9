/** Spans that are no inferences, kept beside those that are: by their OTLP trace, up to a limit. */
import type { contextSpans } from '#schema';
import type { ContextSpan } from '../../context-span.ts';
import { KeyIndex } from '../key-index/key-index.ts';
import type { Db } from '../open.ts';
import type { BlockBuilder, NewPlace } from './text-block.ts';
import { type Texts, type Uses, use } from './texts.ts';
import { keyOf } from './trace-rows.ts';
import type { Turn } from './turn.ts';

/** Of one OTLP trace; what comes after is left out, and counted. */
const MOST_SPANS = 1000;

type ContextRow = typeof contextSpans.$inferSelect;

/** New spans of one OTLP trace, on their way into a block. */
export interface NewContext {
  traceId: string;
  spans: number;
  place: NewPlace;
}

/** A span without its trace, as it is written. */
type Packed = readonly [
  spanId: string,
  parentSpanId: string | null,
  name: string,
  service: string | null,
  kind: number,
  status: number,
  startedAt: number,
  endedAt: number,
];

export class ContextSpans {
  /** By OTLP trace. */
  readonly index: KeyIndex;
  readonly #texts: Texts;
  readonly #bySeq;
  readonly #oldest;
  readonly #insert;
  readonly #delete;

  constructor(db: Db, texts: Texts) {
    this.#texts = texts;
    const { $client: client } = db;
    const columns = 'seq, trace_id AS traceId, ref, spans, recorded_at AS recordedAt';
    const after = client.prepare<[number], { seq: number; traceId: string }>(
      'SELECT seq, trace_id AS traceId FROM context_spans WHERE seq > ? ORDER BY seq',
    );
    const first = client.prepare<[], number | null>('SELECT min(seq) FROM context_spans').pluck();
    this.index = new KeyIndex(
      client,
      'context',
      function* (last) {
        for (const { seq, traceId } of after.iterate(last))
          yield { hash: keyOf(traceId), ref: seq };
      },
      { firstRef: () => first.get() ?? 0 },
    );
    this.#bySeq = client.prepare<[number], ContextRow>(
      `SELECT ${columns} FROM context_spans WHERE seq = ?`,
    );
    this.#oldest = client.prepare<[number, number], ContextRow>(
      `SELECT ${columns} FROM context_spans WHERE recorded_at < CAST(? AS INTEGER)
       ORDER BY recorded_at LIMIT CAST(? AS INTEGER)`,
    );
    this.#insert = client.prepare<[string, number, number, number]>(
      'INSERT INTO context_spans (trace_id, ref, spans, recorded_at) VALUES (?, ?, ?, ?)',
    );
    this.#delete = client.prepare<[number]>('DELETE FROM context_spans WHERE seq = ?');
  }

  /** Those that are not there already, put into blocks. @returns them, and how many are too many */
  async prepare(
    spans: readonly ContextSpan[],
    blocks: BlockBuilder,
    turn: Turn,
  ): Promise<{ context: NewContext[]; leftOut: number }> {
    const context: NewContext[] = [];
    let leftOut = 0;
    for (const [traceId, sent] of Map.groupBy(spans, (span) => span.traceId)) {
      if (turn.isOver) await turn.next();
      const known = new Set(this.of(traceId).map(({ spanId }) => spanId));
      const fresh = new Map<string, ContextSpan>();
      for (const span of sent) if (!known.has(span.spanId)) fresh.set(span.spanId, span);
      const kept = [...fresh.values()].slice(0, Math.max(MOST_SPANS - known.size, 0));
      leftOut += fresh.size - kept.length;
      if (kept.length === 0) continue;
      const text = Buffer.from(JSON.stringify(kept.map(packed)));
      context.push({ traceId, spans: kept.length, place: blocks.add(text) });
    }
    return { context, leftOut };
  }

  /** Inside a transaction. */
  store({ traceId, spans }: Omit<NewContext, 'place'>, ref: number, recordedAt: number): void {
    const { lastInsertRowid } = this.#insert.run(traceId, ref, spans, recordedAt);
    this.index.add(keyOf(traceId), Number(lastInsertRowid));
  }

  /** Each once, in no order. */
  of(traceId: string): ContextSpan[] {
    const found = new Map<string, ContextSpan>();
    for (const seq of this.index.refs(keyOf(traceId), MOST_SPANS)) {
      const row = this.#bySeq.get(seq);
      const text = row?.traceId === traceId ? this.#texts.read(row.ref) : null;
      if (!text) continue;
      for (const span of JSON.parse(text.toString()) as Packed[]) {
        found.set(span[0], unpacked(traceId, span));
      }
    }
    return [...found.values()];
  }

  /** Inside a transaction: drops those recorded before then. @returns how many rows */
  drop(before: number, limit: number): number {
    const rows = this.#oldest.all(before, limit);
    const uses: Uses = new Map();
    for (const { seq, ref } of rows) {
      this.#delete.run(seq);
      use(uses, ref);
    }
    this.#texts.release(uses);
    return rows.length;
  }
}

function packed(span: ContextSpan): Packed {
  const { spanId, parentSpanId, name, service, kind, status, startedAt, endedAt } = span;
  return [spanId, parentSpanId, name, service, kind, status, startedAt, endedAt];
}

function unpacked(traceId: string, span: Packed): ContextSpan {
  const [spanId, parentSpanId, name, service, kind, status, startedAt, endedAt] = span;
  return { traceId, spanId, parentSpanId, name, service, kind, status, startedAt, endedAt };
}
