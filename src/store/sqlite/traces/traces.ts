/** Rows turned back into what was received, each with its label and its attribution. */
import { type Attribution, attribute } from '../../../lineage/attribution.ts';
import type { LabelBy } from '../../mapping.ts';
import type { StoredTrace } from '../../store.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Views } from '../views.ts';
import type { Mapping } from './mapping.ts';
import type { Mapped } from './moves.ts';
import { type Origins, originOf } from './origins.ts';
import type { Texts } from './texts.ts';
import type { TraceRow } from './trace-rows.ts';

interface Rooms {
  labels: Labels;
  texts: Texts;
  origins: Origins;
  mapping: Mapping;
  views: Views;
}

const LATEST = Number.MAX_SAFE_INTEGER;
const NO_GROUNDS = { before: null, after: null, maxGapMs: null };

export class Traces {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** @param asOf counts only what was recorded by then; @param withTexts else they are null */
  resolve(rows: readonly TraceRow[], asOf: number | null, withTexts = true): StoredTrace[] {
    const known = new Map<number, LabelRow>();
    const nearby = this.#rooms.views.nearby();
    const mappings = new Map<string, number>();
    const labelOf = (id: number | null) => {
      if (id === null) return null;
      const label = known.get(id) ?? this.#rooms.labels.byId(id);
      known.set(id, label);
      return label;
    };
    return rows.map((row) => {
      const { labelId, labelBy, since } = this.#mapped(row, asOf, mappings);
      const label = labelOf(labelId);
      const { originId, inputExact, inputRef, outputRef, attributesRef } = row;
      return {
        seq: row.seq,
        id: row.id,
        label: label?.name ?? null,
        labelBy,
        labelledAt: Math.max(row.recordedAt, since),
        origin: originId === null ? null : originOf(this.#rooms.origins.byId(originId)),
        startedAt: row.startedAt,
        endedAt: row.endedAt,
        recordedAt: row.recordedAt,
        decision: row.decision,
        blobId: row.blobId,
        context: row.context,
        turn: row.turn,
        input: withTexts ? this.#text(inputRef) : null,
        inputHash: row.inputHash,
        inputExact: inputExact === 1,
        output: withTexts ? this.#text(outputRef) : null,
        outputHash: row.outputHash,
        attributes: withTexts ? this.#text(attributesRef) : null,
        attribution: label
          ? this.#rooms.views.attribute(label, row, asOf, nearby)
          : withoutLabel(row, asOf),
      };
    });
  }

  #text(ref: number | null): string | null {
    return ref === null ? null : (this.#rooms.texts.read(ref)?.toString() ?? null);
  }

  /**
   * The label that it has; in the past, the one it had then. Before it was recorded, its first one.
   * @param known since when mappings held that were asked for together
   */
  #mapped(
    { labelId, labelBy, originId, blobId, recordedAt }: TraceRow,
    asOf: number | null,
    known: Map<string, number>,
  ): Mapped & { since: number } {
    const current = { labelId, labelBy: labelBy as LabelBy | null };
    if (originId === null) return { ...current, since: recordedAt };
    const { origins, mapping } = this.#rooms;
    if (asOf !== null) {
      return mapping.asOf(origins.byId(originId), blobId, Math.max(asOf, recordedAt));
    }
    const key = `${originId} ${blobId}`;
    const since = known.get(key) ?? mapping.asOf(origins.byId(originId), blobId, LATEST).since;
    known.set(key, since);
    return { ...current, since };
  }
}

/** No label, so no readings: nothing is observed, and what the trace declares stands alone. */
function withoutLabel({ blobId, recordedAt }: TraceRow, asOf: number | null): Attribution {
  const nothing = { runs: [], grounds: NO_GROUNDS };
  if (blobId === null || (asOf !== null && recordedAt > asOf)) return attribute(nothing);
  return attribute(nothing, { blobId, proven: false, holders: [] });
}
