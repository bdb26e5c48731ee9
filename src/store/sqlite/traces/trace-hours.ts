/**
 * How many traces of each label began in each hour, by decision: kept up to date as traces come, go and
 * move. New ones are counted in memory, and written many at a time: traces of a thousand labels would
 * cost a thousand rows a batch. What was not written when the process ended is counted anew.
 */
import type { Db } from '../open.ts';
import { HourCounting } from './hour-counting.ts';
import { type Count, type Counted, HourCounts, OTHERS } from './hour-counts.ts';

/** Decisions of one label and hour that are counted by name: names that come from outside fill no table. */
const MOST_NAMED = 24;
/** Counted in memory, at most so many: counting them anew takes some 20 ms. */
const MOST_UNWRITTEN = 20_000;

/** As a row of the table. */
export interface HourRow extends Count {
  hour: number;
  /** Its key. */
  decision: string;
}

interface Unwritten extends Counted {
  labelId: number;
}

export class TraceHours {
  /** Of traces that are older than the counting. */
  readonly counting: HourCounting;
  readonly #add;
  readonly #known;
  readonly #insert;
  readonly #left;
  readonly #clear;
  readonly #unwritten;
  readonly #written;
  /** Of traces behind `writtenSeq`; null: to be counted anew. */
  #fresh: HourCounts | null = null;

  constructor(db: Db) {
    const { $client: client } = db;
    const which = 'label_id = ? AND hour = ?';
    this.#add = client.prepare<[number, number, number, number, string]>(
      `UPDATE trace_hours SET traces = traces + ?, declared = declared + ?
       WHERE ${which} AND decision = ?`,
    );
    this.#known = client
      .prepare<[number, number], number>(
        `SELECT count(*) FROM trace_hours WHERE ${which} AND decision != '${OTHERS}'`,
      )
      .pluck();
    this.#insert = client.prepare<[number, number, string, number, number]>(
      `INSERT INTO trace_hours (label_id, hour, decision, traces, declared) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#left = client
      .prepare<[number, number], number>(`SELECT sum(traces) FROM trace_hours WHERE ${which}`)
      .pluck();
    this.#clear = client.prepare<[number, number]>(`DELETE FROM trace_hours WHERE ${which}`);
    this.#unwritten = client.prepare<[], Unwritten>(
      `SELECT label_id AS labelId, started_at AS startedAt, decision, blob_id AS blobId FROM traces
       WHERE seq > (SELECT written_seq FROM hours_counted) AND label_id IS NOT NULL`,
    );
    this.#written = client.prepare(
      'UPDATE hours_counted SET written_seq = max(written_seq, (SELECT max(seq) FROM traces))',
    );
    this.counting = new HourCounting(db, (counts) => this.apply(counts));
  }

  /** Inside a transaction, before it stores any trace: what is counted anew is counted without them. */
  begin(): void {
    this.#fresh ??= this.#counted;
  }

  /** Inside the transaction that stores the trace. */
  add(labelId: number, trace: Counted): void {
    this.#counted.add(labelId, trace);
  }

  /** Inside a transaction, when all of its traces are added: writes them if they are many by now. */
  writeMany(): void {
    if (this.#counted.size >= MOST_UNWRITTEN) this.write();
  }

  /** Inside a transaction: before stored traces move or go. */
  write(): void {
    if (this.#counted.size === 0) return;
    this.apply(this.#counted);
    this.#written.run();
    this.#fresh = new HourCounts();
  }

  /** What of a label is not written yet. */
  unwrittenOf(labelId: number): HourRow[] {
    const hours = [...(this.#counted.byLabel.get(labelId) ?? [])];
    return hours.flatMap(([hour, decisions]) =>
      [...decisions].map(([decision, count]) => ({ hour, decision, ...count })),
    );
  }

  /** What was undone may have been counted. */
  forgetAll(): void {
    this.#fresh = null;
    this.counting.forgetAll();
  }

  get #counted(): HourCounts {
    if (this.#fresh) return this.#fresh;
    const fresh = new HourCounts();
    for (const trace of this.#unwritten.iterate()) fresh.add(trace.labelId, trace);
    this.#fresh = fresh;
    return fresh;
  }

  /** Inside a transaction: of traces that are not counted in memory. */
  apply({ byLabel }: HourCounts): void {
    for (const [labelId, hours] of byLabel) {
      for (const [hour, decisions] of hours) {
        let isLess = false;
        for (const [decision, count] of decisions) {
          if (count.traces !== 0 || count.declared !== 0)
            this.#count(labelId, hour, decision, count);
          isLess ||= count.traces < 0;
        }
        // Not before nothing is left of the hour: a decision that was once counted among the others
        // would get a row of its own, and be taken from that.
        if (isLess && this.#left.get(labelId, hour) === 0) this.#clear.run(labelId, hour);
      }
    }
  }

  #count(labelId: number, hour: number, decision: string, { traces, declared }: Count): void {
    if (this.#add.run(traces, declared, labelId, hour, decision).changes > 0) return;
    const isFull = decision !== OTHERS && this.#known.get(labelId, hour)! >= MOST_NAMED;
    if (isFull) this.#count(labelId, hour, OTHERS, { traces, declared });
    else this.#insert.run(labelId, hour, decision, traces, declared);
  }
}
