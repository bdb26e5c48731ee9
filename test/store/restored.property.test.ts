import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Attribution, attribute, type Span, viewOf } from '../../src/lineage/attribution.ts';
import type { Reading } from '../../src/lineage/reading.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import type { LostStretch } from '../../src/store/store.ts';
import { span } from '../lineage/histories.ts';
import { cohortOf } from './diffs/opened-source.ts';
import { files, newFolder, PUSHED, START, trace, unhurried } from './opened.ts';

const LABEL = 'og/volatility';

/** What a database holds, and so a copy of it. */
interface Held {
  readings: Reading[];
  lost: LostStretch[];
  newest: number;
}

interface Copy extends Held {
  file: string;
  /** Null where the copy says nothing of itself. */
  takenAt: number | null;
}

type Deed =
  | { kind: 'read'; artifactId: string | null; length: number }
  | { kind: 'restart' }
  | { kind: 'back up' }
  | { kind: 'copy the file' }
  | { kind: 'restore' };

/** A data folder through reads, restarts, copies and restores, beside what should be known of it. */
class Ledger {
  readonly #folder = newFolder();
  #now = START;
  #held: Held = { readings: [], lost: [], newest: START };
  #copy: Copy | null = null;
  store: SqliteStore = this.#open();

  #open(): SqliteStore {
    return unhurried(openSqliteStore(this.#folder, () => this.#now));
  }

  get held(): Held {
    return this.#held;
  }

  get now(): number {
    return this.#now;
  }

  async begin(): Promise<void> {
    await this.store.putLabel(LABEL, PUSHED, this.#now);
  }

  async do(deed: Deed, wait: number): Promise<void> {
    this.#now += wait;
    if (deed.kind === 'read') return this.#read(deed.artifactId, deed.length);
    if (deed.kind === 'back up') return this.#backUp();
    await this.store.close();
    if (deed.kind === 'copy the file') this.#copyFile();
    if (deed.kind === 'restore') this.#restore();
    this.store = this.#open();
  }

  async end(): Promise<void> {
    await this.store.close();
    rmSync(this.#folder, { recursive: true });
  }

  async #read(letter: string | null, length: number): Promise<void> {
    const requestedAt = this.#now;
    this.#now += length;
    const instants = { requestedAt, receivedAt: this.#now };
    const push = { ...instants, files: letter === null ? null : files(letter), backfill: false };
    const { observation } = await this.store.recordPush(LABEL, push, this.#now);
    const { id, artifactId, recordedAt } = observation;
    const readings = [...this.#held.readings, { id, artifactId, recordedAt, ...instants }];
    this.#held = { ...this.#held, readings, newest: recordedAt };
  }

  async #backUp(): Promise<void> {
    const file = join(this.#folder, `backup-${this.#now}.db`);
    await this.store.backup(file, this.#now);
    this.#copy = { ...this.#held, file, takenAt: this.#now };
  }

  #copyFile(): void {
    const file = join(this.#folder, `copy-${this.#now}.db`);
    copyFileSync(join(this.#folder, 'underlabel.db'), file);
    this.#copy = { ...this.#held, file, takenAt: null };
  }

  #restore(): void {
    if (!this.#copy) return;
    const { file, takenAt, readings, lost, newest } = this.#copy;
    copyFileSync(file, join(this.#folder, 'underlabel.db'));
    // A copy that says nothing of itself, and lacks nothing, can't be told from the original.
    const from = takenAt ?? (newest < this.#held.newest ? newest : null);
    const to = this.#now;
    const more = from === null ? [] : [{ from, to, recordedAt: to }];
    this.#held = { readings, lost: [...lost, ...more], newest: from === null ? newest : to };
  }
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      artifactId: fc.constantFrom('A', 'A', 'B', null),
      length: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc
      .constantFrom('restart', 'back up', 'copy the file', 'restore', 'restore')
      .map((kind) => ({ kind }) as Deed),
  },
);
// Of what is answered as of now nothing may be recorded at that instant any more: time goes on.
const deeds = fc.array(fc.tuple(deed, fc.integer({ min: 2, max: 4 })), { maxLength: 16 });
const LATEST = 60;
const spans = fc.array(span(LATEST), { minLength: 5, maxLength: 5 });

function attributed({ readings, lost }: Held, at: Span, asOf: number): Attribution {
  const known = readings.filter((reading) => reading.recordedAt <= asOf);
  const cuts = lost.filter((stretch) => stretch.from < asOf);
  return attribute(viewOf(known, at, cuts));
}

function leftOut({ observed, artifactId }: Attribution): string | null {
  if (observed === 'bracketed') return artifactId === null ? 'absent' : null;
  return observed === 'provisional' && artifactId === null ? 'absent' : observed;
}

async function expectAttributions({ store, held, now }: Ledger, asked: Span[]): Promise<void> {
  const borders = held.lost.flatMap(({ from, to }) => [from, from + 1, to - 1, to]);
  const moments = [...new Set([...borders, ...held.readings.map((one) => one.recordedAt)])];
  for (const { start, end } of asked) {
    const at = { start: START + start, end: START + end };
    const attribution = (asOf: number | null) => store.attributionAt(LABEL, at.start, at.end, asOf);
    expect(await attribution(null)).toEqual(attributed(held, at, now));
    for (const asOf of moments) expect(await attribution(asOf)).toEqual(attributed(held, at, asOf));
  }
}

async function expectCohort({ store, held, now }: Ledger): Promise<void> {
  const sent = Array.from({ length: LATEST }, (_, i) => ({
    id: `${i}`,
    label: LABEL,
    startedAt: START + i,
    endedAt: START + i + (i % 3),
  }));
  await store.ingest(sent.map(trace), now);
  const period = await cohortOf(store, LABEL, { from: START, to: START + LATEST });
  const found = period.map(({ id, leftOut }) => ({ id, leftOut }));
  const expected = sent.map(({ id, startedAt, endedAt }) => {
    const attribution = attributed(held, { start: startedAt, end: endedAt }, Infinity);
    return { id, leftOut: leftOut(attribution) };
  });
  expect(found).toEqual(expected);
}

test('through reads, restarts, copies and restores, a folder knows what it lost and claims nothing more', async () => {
  await fc.assert(
    fc.asyncProperty(deeds, spans, async (done, asked) => {
      const ledger = new Ledger();
      try {
        await ledger.begin();
        for (const [one, wait] of done) {
          await ledger.do(one, wait);
          expect(await ledger.store.lost()).toEqual(ledger.held.lost);
        }
        await expectAttributions(ledger, asked);
        await expectCohort(ledger);
      } finally {
        await ledger.end();
      }
    }),
    { numRuns: 25 },
  );
});
