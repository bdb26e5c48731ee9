/** In which steps of a period a label was read, and where nobody looked: from the headers of its chunks. */
import type { LabelPicture, PicturedGap, PicturedPeriod } from '../label-picture.ts';
import { unpack } from './chunk.ts';
import type { Db } from './open.ts';

interface Header {
  id: number;
  firstRequestedAt: number;
  firstReceivedAt: number;
  lastRequestedAt: number;
  lastReceivedAt: number;
  observations: number;
  maxGapMs: number;
}

interface Instants {
  requestedAt: number;
  receivedAt: number;
}

type Pictured = Pick<LabelPicture, 'said' | 'readings' | 'gaps' | 'failed' | 'failures'>;

/** Over a million readings. More of them than that are told without their places. */
const MOST_CHUNKS = 12_000;
const MOST_UNPACKED = 120;
const MOST_FAILURES = 20_000;

export class PicturedReadings {
  readonly #before;
  readonly #within;
  readonly #packed;
  readonly #failed;

  constructor(db: Db) {
    const { $client: client } = db;
    const header = `id, first_requested_at AS firstRequestedAt, first_received_at AS firstReceivedAt,
      last_requested_at AS lastRequestedAt, last_received_at AS lastReceivedAt,
      observations, max_gap_ms AS maxGapMs`;
    const ofLabel = 'FROM chunks INDEXED BY chunks_time WHERE label_id = CAST(? AS INTEGER)';
    this.#before = client.prepare<[number, number], Header>(
      `SELECT ${header} ${ofLabel} AND first_received_at < CAST(? AS INTEGER)
       ORDER BY first_received_at DESC, first_requested_at DESC LIMIT 1`,
    );
    this.#within = client.prepare<[number, number, number], Header>(
      `SELECT ${header} ${ofLabel}
         AND first_received_at >= CAST(? AS INTEGER) AND first_received_at < CAST(? AS INTEGER)
       ORDER BY first_received_at, first_requested_at LIMIT ${MOST_CHUNKS + 1}`,
    );
    this.#packed = client.prepare<[number], { packed: Buffer }>(
      'SELECT packed FROM chunks WHERE id = ?',
    );
    this.#failed = client
      .prepare<[number, number, number], number>(
        `SELECT requested_at FROM failed_readings INDEXED BY failed_readings_time
         WHERE label_id = CAST(? AS INTEGER)
           AND requested_at >= CAST(? AS INTEGER) AND requested_at < CAST(? AS INTEGER)
         ORDER BY requested_at LIMIT ${MOST_FAILURES + 1}`,
      )
      .pluck();
  }

  of(labelId: number, { from, to, steps, gapMs }: PicturedPeriod): Pictured {
    const before = this.#before.get(labelId, from);
    const within = this.#within.all(labelId, from, to);
    const stepMs = (to - from) / steps;
    const said = new Steps(from, stepMs, steps);
    const gaps = new Gaps(stepMs);
    let readings: number | null = within.length > MOST_CHUNKS ? null : 0;
    let left = MOST_UNPACKED;
    let last: Instants | null = null;
    // Where a gap ended with the first answer, and not with the question: what it shows was seen in between.
    const look = (next: Instants) => {
      const [begin, end] = [last?.requestedAt ?? next.receivedAt, next.receivedAt];
      if (gapMs === null || end - begin <= gapMs || end <= from || begin >= to) return;
      gaps.add({ from: begin, to: end, longestMs: end - begin, isSeveral: false });
    };
    for (const chunk of before ? [before, ...within] : within) {
      const crossesEdge = chunk.firstReceivedAt < from || chunk.lastReceivedAt >= to;
      const isLoose = chunk.maxGapMs > Math.min(stepMs, gapMs ?? stepMs);
      if ((crossesEdge || isLoose) && chunk.observations > 1 && left-- > 0) {
        for (const reading of this.#unpacked(chunk)) {
          look(reading);
          last = reading;
          if (reading.receivedAt < from || reading.receivedAt >= to) continue;
          said.mark(reading.receivedAt);
          if (readings !== null) readings++;
        }
        continue;
      }
      look({ requestedAt: chunk.firstRequestedAt, receivedAt: chunk.firstReceivedAt });
      // Where in it nobody looked is not known here: so anywhere.
      if (gapMs !== null && chunk.maxGapMs > gapMs) gaps.add(anywhereIn(chunk));
      last = { requestedAt: chunk.lastRequestedAt, receivedAt: chunk.lastReceivedAt };
      if (chunk.lastReceivedAt < from) continue;
      // Its readings are closer to each other than a step is wide, or only its ends are known here.
      if (isLoose) for (const at of [chunk.firstReceivedAt, chunk.lastReceivedAt]) said.mark(at);
      else said.fill(chunk.firstReceivedAt, chunk.lastReceivedAt);
      if (readings !== null) readings = crossesEdge ? null : readings + chunk.observations;
    }
    const failures = this.#failed.all(labelId, from, to);
    const failed = new Steps(from, stepMs, steps);
    for (const at of failures) failed.mark(at);
    return {
      said: said.marks,
      readings,
      gaps: gaps.all,
      failed: failed.marks,
      failures: failures.length > MOST_FAILURES ? null : failures.length,
    };
  }

  #unpacked({ id, firstRequestedAt, firstReceivedAt }: Header): Instants[] {
    const first = { seq: 0, recordedAt: 0 };
    const { packed } = this.#packed.get(id)!;
    return unpack({ ...first, requestedAt: firstRequestedAt, receivedAt: firstReceivedAt }, packed);
  }
}

function anywhereIn({ firstRequestedAt, lastReceivedAt, maxGapMs }: Header) {
  return { from: firstRequestedAt, to: lastReceivedAt, longestMs: maxGapMs, isSeveral: true };
}

/** So few that all are told: no two are closer than a step. */
class Gaps {
  readonly all: PicturedGap[] = [];
  readonly #stepMs: number;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** @param gap that begins no earlier than those before */
  add(gap: { from: number; to: number; longestMs: number; isSeveral: boolean }): void {
    const last = this.all.at(-1);
    if (!last || last.to === null || gap.from - last.to >= this.#stepMs) {
      this.all.push(gap);
      return;
    }
    last.to = Math.max(last.to, gap.to);
    last.longestMs = Math.max(last.longestMs ?? 0, gap.longestMs);
    last.isSeveral = true;
  }
}

class Steps {
  readonly marks: boolean[];
  readonly #from: number;
  readonly #stepMs: number;

  constructor(from: number, stepMs: number, count: number) {
    this.marks = new Array<boolean>(count).fill(false);
    this.#from = from;
    this.#stepMs = stepMs;
  }

  mark(at: number): void {
    this.fill(at, at);
  }

  fill(first: number, last: number): void {
    const begin = Math.max(0, this.#stepOf(first));
    const end = Math.min(this.marks.length - 1, this.#stepOf(last));
    for (let i = begin; i <= end; i++) this.marks[i] = true;
  }

  #stepOf(at: number): number {
    return Math.floor((at - this.#from) / this.#stepMs);
  }
}
