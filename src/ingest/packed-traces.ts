/**
 * Parsed traces on their way between threads: a list a column, their texts and hashes in one buffer
 * that is moved over, and each origin once. Received in a quarter of the time that an object and a
 * few buffers a trace would take.
 */
import type { Origin } from '../store/mapping.ts';
import type { NewTrace } from '../store/store.ts';
import { BytesUnpacker, type PackedBytes, packBytes } from './packed-bytes.ts';

type Bytes = 'input' | 'inputHash' | 'output' | 'outputHash' | 'attributes';
type Columns = { [K in Exclude<keyof NewTrace, Bytes | 'origin'>]: NewTrace[K][] };

export interface PackedTraces {
  columns: Columns;
  /** Of each trace five: see `bytesOf`. */
  bytes: PackedBytes;
  origins: Origin[];
  /** The place of each trace's origin among them; -1 for none. */
  originAt: number[];
}

export function packTraces(traces: readonly NewTrace[]): PackedTraces {
  const column = <K extends keyof Columns>(key: K) => traces.map((trace) => trace[key]);
  return {
    columns: {
      id: column('id'),
      label: column('label'),
      startedAt: column('startedAt'),
      endedAt: column('endedAt'),
      decision: column('decision'),
      blobId: column('blobId'),
      context: column('context'),
      turn: column('turn'),
      inputExact: column('inputExact'),
    },
    bytes: packBytes(traces.flatMap(bytesOf)),
    ...internedOrigins(traces),
  };
}

function bytesOf({ input, inputHash, output, outputHash, attributes }: NewTrace) {
  return [input, inputHash, output, outputHash, attributes];
}

/** A request has thousands of spans from a handful of origins. */
function internedOrigins(traces: readonly NewTrace[]) {
  const origins: Origin[] = [];
  const places = new Map<string, number>();
  const originAt = traces.map(({ origin }) => {
    if (origin === null) return -1;
    const key = JSON.stringify(Object.values(origin));
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, origins.length);
    return origins.push(origin) - 1;
  });
  return { origins, originAt };
}

/** The texts and hashes are views of what was moved over. */
export function unpackTraces({ columns, bytes, origins, originAt }: PackedTraces): NewTrace[] {
  const unpacker = new BytesUnpacker(bytes);
  return columns.id.map((id, i): NewTrace => {
    const [input, inputHash] = [unpacker.next(), unpacker.next()];
    const [output, outputHash] = [unpacker.next(), unpacker.next()];
    return {
      id,
      label: columns.label[i]!,
      origin: origins[originAt[i]!] ?? null,
      startedAt: columns.startedAt[i]!,
      endedAt: columns.endedAt[i]!,
      decision: columns.decision[i]!,
      blobId: columns.blobId[i]!,
      context: columns.context[i]!,
      turn: columns.turn[i]!,
      input,
      inputHash,
      inputExact: columns.inputExact[i]!,
      output,
      outputHash,
      attributes: unpacker.next(),
    };
  });
}
