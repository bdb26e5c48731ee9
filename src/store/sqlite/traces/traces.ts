/** Rows turned back into what was received, each with its label and its attribution. */
import { type Attribution, attribute } from '../../../lineage/attribution.ts';
import type { LabelBy } from '../../mapping.ts';
import type { StoredTrace } from '../../store.ts';
import type { LabelRow, Labels } from '../labels.ts';
import type { Views } from '../views.ts';
import type { Mapped, Mapping } from './mapping.ts';
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
    const labelOf = (id: number | null) => {
      if (id === null) return null;
      const label = known.get(id) ?? this.#rooms.labels.byId(id);
      known.set(id, label);
      return label;
    };
    return rows.map((row) => {
      const { labelId, labelBy } = this.#mapped(row, asOf);
      const label = labelOf(labelId);
      const { originId, inputExact, inputRef, outputRef, attributesRef } = row;
      return {
        seq: row.seq,
        id: row.id,
        label: label?.name ?? null,
        labelBy,
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

  /** The label that it has; in the past, the one it had then. Before it was recorded, its first one. */
  #mapped(row: TraceRow, asOf: number | null): Mapped {
    const { labelId, originId, blobId, recordedAt } = row;
    if (asOf === null || originId === null) {
      return { labelId, labelBy: row.labelBy as LabelBy | null };
    }
    const origin = this.#rooms.origins.byId(originId);
    return this.#rooms.mapping.asOf(origin, blobId, Math.max(asOf, recordedAt));
  }
}

/** No label, so no readings: nothing is observed, and what the trace declares stands alone. */
function withoutLabel({ blobId, recordedAt }: TraceRow, asOf: number | null): Attribution {
  const nothing = { runs: [], grounds: NO_GROUNDS };
  if (blobId === null || (asOf !== null && recordedAt > asOf)) return attribute(nothing);
  return attribute(nothing, { blobId, proven: false, holders: [] });
}
