/** What the outputs say: the whole of each, the fields somebody named, and those found in them. */
import type { ColumnKind } from '../data.ts';
import type { CohortTrace } from '../source.ts';
import { pathOf, type Step, stepsOf, valueAt } from './field-path.ts';
import { type FieldOptions, FieldValues, MOST_LABELS, SHORT } from './field-values.ts';
import { FoundFields } from './found-fields.ts';
import { jsonOf } from './json-text.ts';
import { hashOfDigest } from './value-hash.ts';
import type { SideNumber } from './value-types.ts';

/** Of UTF-16 code units. What is longer is compared as a whole and not looked into. */
const LONGEST_OUTPUT = 4 * 1024 * 1024;

export interface NamedField {
  path: string;
  /** Null: whatever the values show. */
  kind: ColumnKind | null;
}

export interface Named extends NamedField {
  steps: Step[];
  values: FieldValues;
}

export class Outputs {
  readonly whole: FieldValues;
  /** In the order they were named; with the whole output, where that is among them. */
  readonly named: readonly Named[];
  readonly found: FoundFields | null;
  /** Somebody named `$`. */
  readonly isWholeNamed: boolean;
  readonly #readsTexts: boolean;

  /** @throws FieldPathError where a path is none */
  constructor(fields: readonly NamedField[], discover: boolean) {
    this.named = fields.map((field) => ({
      ...field,
      steps: stepsOf(field.path),
      values: new FieldValues(optionsFor(field.kind)),
    }));
    const whole = this.named.find(({ steps }) => steps.length === 0);
    this.isWholeNamed = whole !== undefined;
    this.whole = whole?.values ?? new FieldValues(optionsFor(null));
    const paths = new Set(this.named.map(({ steps }) => pathOf(steps)));
    this.found = discover ? new FoundFields(FOUND, paths) : null;
    this.#readsTexts = discover || fields.length > 0;
  }

  read(side: SideNumber, row: number, trace: CohortTrace): void {
    const { outputHash } = trace;
    if (outputHash === null) return;
    const parsed = this.#readsTexts ? jsonOf(trace.output(), LONGEST_OUTPUT) : null;
    if (parsed === null) {
      this.whole.addHashed(side, row, 'unread', hashOfDigest(outputHash));
      return;
    }
    const { value } = parsed;
    this.#readWhole(side, row, value, outputHash);
    for (const { steps, values } of this.named) {
      const found = steps.length > 0 ? valueAt(value, steps) : undefined;
      if (found !== undefined) values.add(side, row, found);
    }
    this.found?.read(side, row, value);
  }

  /** The hash of an output is known, so what is long is not hashed again. */
  #readWhole(side: SideNumber, row: number, value: unknown, digest: Buffer): void {
    const hash = hashOfDigest(digest);
    const isLong = typeof value === 'string' && value.length > SHORT;
    if (Array.isArray(value)) this.whole.addList(side, row, value, hash);
    else if (typeof value === 'object' && value !== null) {
      this.whole.addHashed(side, row, 'objects', hash);
    } else if (isLong && this.whole.asked !== 'label') {
      this.whole.addHashed(side, row, 'texts', hash);
    } else this.whole.add(side, row, value);
  }
}

const FOUND: FieldOptions = { asked: null, mostLabels: 10_000, onlyLabels: false };

function optionsFor(asked: ColumnKind | null): FieldOptions {
  return { asked, mostLabels: MOST_LABELS, onlyLabels: false };
}
