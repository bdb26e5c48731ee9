/** The few traces of a diff that its report shows, with what they said. */
import type { ShownTrace } from '../../../diff/source.ts';
import type { Db } from '../open.ts';
import type { Shelf } from './cohort-trace.ts';

interface Row {
  seq: number;
  id: string;
  startedAt: number;
  context: string | null;
  turn: number | null;
  inputHash: Buffer | null;
  inputRef: number | null;
  outputRef: number | null;
}

export class ShownTraces {
  readonly #shelf: Shelf;
  readonly #rows;
  readonly #refs = new Map<string, number>();

  constructor(db: Db, shelf: Shelf) {
    this.#shelf = shelf;
    this.#rows = db.$client.prepare<[string], Row>(
      `SELECT seq, id, started_at AS startedAt, context, turn, input_hash AS inputHash,
         input_ref AS inputRef, output_ref AS outputRef
       FROM traces WHERE seq IN (SELECT value FROM json_each(?))`,
    );
  }

  /** By number, those that are there. */
  of(refs: readonly number[]): Map<number, ShownTrace> {
    const shown = new Map<number, ShownTrace>();
    for (const row of this.#rows.all(JSON.stringify(refs))) {
      const { seq, id, startedAt, context, turn, inputHash, inputRef, outputRef } = row;
      // Without an input it was paired with nothing.
      if (inputHash === null) continue;
      this.#refs.set(id, seq);
      shown.set(seq, {
        ...{ id, startedAt, context, turn },
        inputSha256: inputHash.toString('hex'),
        input: this.#text(inputRef),
        output: this.#text(outputRef),
      });
    }
    return shown;
  }

  /** The number of a trace that was shown. */
  refOf(id: string): number | null {
    return this.#refs.get(id) ?? null;
  }

  #text(ref: number | null): string | null {
    return ref === null ? null : this.#shelf.text(ref);
  }
}
