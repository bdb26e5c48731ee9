/**
 * Takes traces in. What takes time (looking for texts that are there already, compressing the others)
 * is done before the transaction; the transaction looks again at what may have changed meanwhile.
 */
import { fingerprint } from '../../../contract/fingerprint.ts';
import type { ContextSpan } from '../../context-span.ts';
import type { LabelBy } from '../../mapping.ts';
import type { Ingested, IngestOutcome, NewTrace } from '../../store.ts';
import type { Events } from '../events.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Views } from '../views.ts';
import type { ContextSpans, NewContext } from './context-spans.ts';
import type { Mapping } from './mapping.ts';
import type { Origins, UnmappedCount } from './origins.ts';
import { BlockBuilder, type NewBlock, type NewPlace } from './text-block.ts';
import type { TextKeys } from './text-keys.ts';
import { blockOf, refOf, type Texts, type Uses, use } from './texts.ts';
import type { TraceHours } from './trace-hours.ts';
import { keyOf, type TraceRow, type TraceRows } from './trace-rows.ts';
import { Turn } from './turn.ts';

/** Where a text stands: in a block that comes with the batch, or (a number) on disk already. */
type Place = NewPlace | number | null;

interface Places {
  input: Place;
  output: Place;
  attributes: Place;
}

interface Prepared {
  traces: readonly NewTrace[];
  /** Of their ids. */
  keys: Buffer[];
  /** Of each trace its three texts; null where the trace was there already. */
  places: (Places | null)[];
  blocks: NewBlock[];
  /** Blocks on disk that the texts of the batch are in. */
  shared: Set<number>;
  context: NewContext[];
  contextLeftOut: number;
}

interface Rooms {
  labels: Labels;
  rows: TraceRows;
  texts: Texts;
  textKeys: TextKeys;
  origins: Origins;
  mapping: Mapping;
  context: ContextSpans;
  hours: TraceHours;
  views: Views;
  events: Events;
}

/** Shorter texts cost less than the search for them. */
const LEAST_SHARED = 64;
/** Candidates for the same text that are looked at; more only where somebody sends one value in many spellings. */
const MOST_COMPARED = 4;

export class Intake {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  async prepare(
    traces: readonly NewTrace[],
    spans: readonly ContextSpan[] = [],
  ): Promise<Prepared> {
    const blocks = new BlockBuilder();
    const sharing = new Sharing(this.#rooms, blocks);
    const keys = traces.map(({ id }) => keyOf(id));
    const places: Prepared['places'] = [];
    const turn = new Turn();
    for (const i of together(traces)) {
      if (turn.isOver) await turn.next();
      const trace = traces[i]!;
      places[i] = this.#rooms.rows.find(trace.id, keys[i]) ? null : sharing.places(trace);
    }
    const { context, leftOut } = await this.#rooms.context.prepare(spans, blocks, turn);
    const { shared } = sharing;
    const planned = { traces, keys, places, shared, context, contextLeftOut: leftOut };
    return { ...planned, blocks: await blocks.finish() };
  }

  /**
   * Inside one transaction.
   * @returns null where something that was counted on is gone meanwhile: to be prepared anew
   */
  ingest(prepared: Prepared, recordedAt: number): Ingested | null {
    // Before anything is written: what is returned is committed.
    if (this.#isStale(prepared)) return null;
    this.#rooms.hours.begin();
    const batch = new Batch(this.#rooms, prepared, recordedAt);
    prepared.traces.forEach((trace, i) => {
      batch.take(trace, i);
    });
    for (const { place, ...one } of prepared.context) {
      this.#rooms.context.store(one, batch.refOf(place)!, recordedAt);
    }
    batch.finish();
    return batch.ingested;
  }

  /** A text that was to be shared was dropped since, or a trace that was there. */
  #isStale({ traces, keys, places, shared }: Prepared): boolean {
    const { texts, rows } = this.#rooms;
    for (const block of shared) if (!texts.isUsed(block)) return true;
    return traces.some(({ id }, i) => places[i] === null && !rows.find(id, keys[i]));
  }
}

/** The places of traces, those of one label beside each other: they are read together, and are alike. */
function together(traces: readonly NewTrace[]): number[] {
  const groups = Map.groupBy(traces.keys(), (i) => traces[i]!.origin ?? traces[i]!.label);
  return [...groups.values()].flat();
}

/** Finds texts that are there already, in the batch or on disk. */
class Sharing {
  readonly shared = new Set<number>();
  readonly #rooms: Rooms;
  readonly #blocks: BlockBuilder;
  readonly #fresh = new Map<string, { text: Buffer; place: NewPlace }[]>();

  constructor(rooms: Rooms, blocks: BlockBuilder) {
    this.#rooms = rooms;
    this.#blocks = blocks;
  }

  places({ input, inputHash, output, outputHash, attributes }: NewTrace): Places {
    return {
      input: this.#place(input, inputHash),
      output: this.#place(output, outputHash),
      // Nobody else's: when a trace began stands in it.
      attributes: attributes && this.#blocks.add(attributes),
    };
  }

  #place(text: Buffer | null, hash: Buffer | null): Place {
    if (!text) return null;
    if (!hash || text.length < LEAST_SHARED) return this.#blocks.add(text);
    const key = hash.toString('latin1');
    const fresh = this.#fresh.get(key)?.find((one) => one.text.equals(text));
    if (fresh) return fresh.place;
    const stored = this.#stored(text, hash);
    if (stored !== null) {
      this.shared.add(blockOf(stored));
      return stored;
    }
    const place = this.#blocks.add(text, hash);
    const others = this.#fresh.get(key);
    if (others) others.push({ text, place });
    else this.#fresh.set(key, [{ text, place }]);
    return place;
  }

  /** Hashes are of the value; the same text it is only to the letter. */
  #stored(text: Buffer, hash: Buffer): number | null {
    const { texts, textKeys } = this.#rooms;
    const found = textKeys.refs(hash, MOST_COMPARED);
    return found.find((ref) => texts.read(ref)?.equals(text)) ?? null;
  }
}

/** One batch while it is stored. */
class Batch {
  readonly ingested: Ingested;
  readonly #rooms: Rooms;
  readonly #prepared: Prepared;
  readonly #recordedAt: number;
  readonly #labels = new Map<string | number, LabelRow>();
  /** The numbers of the batch's blocks, as far as they are stored. */
  readonly #blocks: number[] = [];
  readonly #uses: Uses = new Map();
  readonly #bytes = new Map<number, number>();
  readonly #unmapped = new Map<number, UnmappedCount>();

  constructor(rooms: Rooms, prepared: Prepared, recordedAt: number) {
    this.#rooms = rooms;
    this.#prepared = prepared;
    this.#recordedAt = recordedAt;
    const { contextLeftOut } = prepared;
    this.ingested = { outcomes: [], conflicts: [], unknownLabels: 0, unmapped: 0, contextLeftOut };
  }

  take(trace: NewTrace, i: number): void {
    const key = this.#prepared.keys[i]!;
    const there = this.#rooms.rows.find(trace.id, key);
    if (there) {
      this.ingested.outcomes.push(this.#sameContent(there, trace) ? 'duplicate' : 'other-content');
      return;
    }
    const { row, label } = this.#insert(trace, key, this.#prepared.places[i]!);
    this.ingested.outcomes.push('accepted' satisfies IngestOutcome);
    this.#count(row, label);
    if (label && trace.blobId !== null && this.#tellConflict(trace, label)) {
      const { id: traceId, blobId } = trace;
      this.ingested.conflicts.push({ label: label.name, blobId, traceId });
    }
  }

  /** What was counted is written, once for the batch. */
  finish(): void {
    const { texts, labels, origins, hours } = this.#rooms;
    hours.writeMany();
    texts.count(this.#uses);
    for (const [label, bytes] of this.#bytes) labels.countBytes(label, bytes);
    for (const [origin, count] of this.#unmapped) origins.countUnmapped(origin, count);
  }

  refOf(place: Place): number | null {
    if (place === null) return null;
    if (typeof place === 'number') {
      use(this.#uses, place);
      return place;
    }
    this.#blocks[place.block] ??= this.#storeBlock(place.block);
    const ref = refOf(this.#blocks[place.block]!, place.slot);
    use(this.#uses, ref);
    return ref;
  }

  #storeBlock(number: number): number {
    const { body, keys } = this.#prepared.blocks[number]!;
    const block = this.#rooms.texts.store(body);
    this.#rooms.textKeys.add(block, keys);
    return block;
  }

  #insert(trace: NewTrace, key: Buffer, places: Places) {
    const { rows } = this.#rooms;
    const { label: _, origin: __, input, output, attributes, inputExact, ...columns } = trace;
    const { label, labelBy, originId } = this.#labelOf(trace);
    const bytes = (input?.length ?? 0) + (output?.length ?? 0) + (attributes?.length ?? 0);
    const row = {
      ...columns,
      ...{ labelId: label?.id ?? null, labelBy, originId },
      recordedAt: this.#recordedAt,
      inputExact: inputExact ? 1 : 0,
      inputRef: this.refOf(places.input),
      outputRef: this.refOf(places.output),
      attributesRef: this.refOf(places.attributes),
      bytes,
    };
    rows.insert(row, key);
    return { row, label };
  }

  #labelOf({ label, origin, blobId }: NewTrace): {
    label: LabelRow | null;
    labelBy: LabelBy | null;
    originId: number | null;
  } {
    if (label !== null || origin === null) {
      return { label: this.#labelNamed(label!), labelBy: 'given', originId: null };
    }
    const { origins, mapping } = this.#rooms;
    const row = origins.find(origin) ?? origins.make(origin, this.#recordedAt);
    const { labelId, labelBy } = mapping.of(row, blobId, this.#recordedAt);
    return { label: labelId === null ? null : this.#labelById(labelId), labelBy, originId: row.id };
  }

  #labelNamed(name: string): LabelRow {
    const label = this.#labels.get(name) ?? this.#rooms.labels.intern(name);
    this.#labels.set(name, label);
    return label;
  }

  #labelById(id: number): LabelRow {
    const label = this.#labels.get(id) ?? this.#rooms.labels.byId(id);
    this.#labels.set(id, label);
    return label;
  }

  #count(row: Omit<TraceRow, 'seq'>, label: LabelRow | null): void {
    if (label) {
      if (label.source === null) this.ingested.unknownLabels++;
      this.#rooms.hours.add(label.id, row);
      this.#bytes.set(label.id, (this.#bytes.get(label.id) ?? 0) + row.bytes);
      const longestTraceMs = row.endedAt - row.startedAt;
      if (longestTraceMs <= label.longestTraceMs) return;
      label.longestTraceMs = longestTraceMs;
      this.#rooms.labels.noteLength(label.id, longestTraceMs);
      return;
    }
    this.ingested.unmapped++;
    const count = this.#unmapped.get(row.originId!) ?? { traces: 0, bytes: 0, lastAt: null };
    count.traces++;
    count.bytes += row.bytes;
    count.lastAt = Math.max(count.lastAt ?? row.startedAt, row.startedAt);
    this.#unmapped.set(row.originId!, count);
  }

  #tellConflict(trace: NewTrace, label: LabelRow): boolean {
    // What ended before the newest reading was asked tells nothing about what is there now.
    if (label.lastRequestedAt === null || trace.endedAt < label.lastRequestedAt) return false;
    const { views, events } = this.#rooms;
    const recordedAt = this.#recordedAt;
    const { conflict } = views.attribute(label, { ...trace, recordedAt }, null);
    return conflict && events.conflict(label, trace.blobId!, trace.id, recordedAt);
  }

  /** The same after parsing: times as instants, JSON by its canonical form. */
  #sameContent(there: TraceRow, here: NewTrace): boolean {
    const { texts, origins } = this.#rooms;
    const label = here.label === null ? null : this.#rooms.labels.find(here.label);
    const origin = here.origin && origins.find(here.origin);
    // A span's label follows from its origin, and may be another one by now.
    const sameSource =
      here.origin === null
        ? there.originId === null && there.labelId === label?.id
        : there.originId === origin?.id;
    const attributes = there.attributesRef === null ? null : texts.read(there.attributesRef);
    return (
      sameSource &&
      PLAIN.every((column) => there[column] === here[column]) &&
      sameBytes(there.inputHash, here.inputHash) &&
      sameBytes(there.outputHash, here.outputHash) &&
      sameJson(attributes, here.attributes)
    );
  }
}

const PLAIN = ['startedAt', 'endedAt', 'decision', 'blobId', 'context', 'turn'] as const;

const sameBytes = (a: Buffer | null, b: Buffer | null) => (a && b ? a.equals(b) : a === b);

function sameJson(a: Buffer | null, b: Buffer | null): boolean {
  if (!a || !b || a.equals(b)) return sameBytes(a, b);
  const [one, other] = [a, b].map((text) => fingerprint(text.toString()).hash);
  return one!.equals(other!);
}
