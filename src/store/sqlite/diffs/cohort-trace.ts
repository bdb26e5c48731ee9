/** One trace as a diff sees it. What it says is read where it is asked for. */
import type { LeftOutReason } from '../../../contract/diff.ts';
import type { CohortTrace, TraceFacts } from '../../../diff/source.ts';
import type { ArtifactId } from '../../../lineage/manifest.ts';
import type { Belonging } from './attributed.ts';
import type { CohortRow } from './cohort-rows.ts';

/** Where what a trace came with is read. */
export interface Shelf {
  text(ref: number): string | null;
  serviceOf(originId: number): string | null;
  factsOf(attributes: string): TraceFacts;
}

const NO_FACTS: TraceFacts = { failed: false, inputTokens: null, outputTokens: null };

export class StoredCohortTrace implements CohortTrace {
  readonly ref: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly decision: string | null;
  readonly context: string | null;
  readonly turn: number | null;
  readonly inputHash: Buffer | null;
  readonly outputHash: Buffer | null;
  readonly artifactId: ArtifactId | null;
  readonly leftOut: LeftOutReason | null;
  readonly service: string | null;
  readonly #row: CohortRow;
  readonly #shelf: Shelf;

  constructor(row: CohortRow, { artifactId, leftOut }: Belonging, shelf: Shelf) {
    this.#row = row;
    this.#shelf = shelf;
    this.ref = row[0];
    this.startedAt = row[1];
    this.endedAt = row[2];
    this.decision = row[3];
    this.context = row[5];
    this.turn = row[6];
    this.service = row[7] === null ? null : shelf.serviceOf(row[7]);
    this.inputHash = row[8];
    this.outputHash = row[9];
    this.artifactId = artifactId;
    this.leftOut = leftOut;
  }

  input(): string | null {
    return this.#text(this.#row[10]);
  }

  output(): string | null {
    return this.#text(this.#row[11]);
  }

  facts(): TraceFacts {
    const attributes = this.#text(this.#row[12]);
    return attributes === null ? NO_FACTS : this.#shelf.factsOf(attributes);
  }

  #text(ref: number | null): string | null {
    return ref === null ? null : this.#shelf.text(ref);
  }
}
