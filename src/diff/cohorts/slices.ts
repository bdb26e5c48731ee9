/** Ways to cut the traffic: fields of the input with a few values, and the service that sent it. */
import type { SliceField } from '../data.ts';
import { kindOf } from './column-kind.ts';
import { columnValues, type SideOrder } from './column-values.ts';
import { type FoundField, FoundFields } from './found-fields.ts';
import { jsonOf } from './json-text.ts';
import { labelName } from './label-name.ts';
import { IntegerRows } from './rows.ts';
import type { GroupedRuns } from './side-runs.ts';
import type { SideNumber } from './value-types.ts';

const MOST_FIELDS = 8;
const MOST_VALUES = 50;
/** Who has more isn't helped by slices of them. */
const MOST_SERVICES = 1000;
const LONGEST_INPUT = 262_144;

export class Slices {
  readonly #fields = new FoundFields({ asked: null, mostLabels: MOST_VALUES, onlyLabels: true });
  readonly #services = new Map<string, number>();
  readonly #serviceOf = [new IntegerRows(), new IntegerRows()] as const;
  #inputs = 0;

  /** Once an input: runs of one input have the same. @param text JSON text */
  readInput(input: number, text: string | null): void {
    this.#inputs = Math.max(this.#inputs, input + 1);
    const parsed = jsonOf(text, LONGEST_INPUT);
    if (parsed) this.#fields.read(0, input, parsed.value);
    if (input % 16_384 === 0) this.#fields.fit(this.#inputs);
  }

  /** Of each run. */
  readService(side: SideNumber, row: number, service: string | null): void {
    if (service === null) return;
    const number = this.#services.get(service) ?? this.#services.size;
    if (number <= MOST_SERVICES) this.#services.set(service, number);
    this.#serviceOf[side].set(row, number);
  }

  /** @param order the inputs' numbers */
  finish(order: Uint32Array, sides: readonly [GroupedRuns, GroupedRuns]): SliceField[] {
    this.#fields.fit(this.#inputs);
    const fields = this.#fields
      .fields()
      .filter(isSlice)
      .sort((a, b) => b.values.totalRuns - a.values.totalRuns || (a.path < b.path ? -1 : 1))
      .slice(0, MOST_FIELDS)
      .map((field) => sliceOf(field, order));
    const service = this.#serviceSlice(order.length, sides);
    return service ? [...fields, service] : fields;
  }

  #serviceSlice(inputs: number, sides: readonly [GroupedRuns, GroupedRuns]): SliceField | null {
    if (this.#services.size < 2 || this.#services.size > MOST_SERVICES) return null;
    const names = [...this.#services].map(([service, number]) => ({
      name: labelName(service),
      number,
    }));
    names.sort((a, b) => (a.name < b.name ? -1 : 1));
    const places = new Map(names.map(({ number }, place) => [number, place]));
    const codes = Int32Array.from({ length: inputs }, (_, place) => {
      return places.get(this.#firstServiceOf(place, sides)) ?? -1;
    });
    return { name: 'service', values: names.map(({ name }) => name), codes };
  }

  /** That of the input's first run, whichever side it was on. */
  #firstServiceOf(place: number, [before, after]: readonly [GroupedRuns, GroupedRuns]): number {
    const [i, j] = [before.starts[place]!, after.starts[place]!];
    const isBefore = i < before.starts[place + 1]!;
    const isAfter = j < after.starts[place + 1]!;
    const first = isBefore && isAfter ? !startsLater(before, i, after, j) : isBefore;
    return first ? this.#serviceOf[0].get(before.rows[i]!) : this.#serviceOf[1].get(after.rows[j]!);
  }
}

function startsLater(a: GroupedRuns, i: number, b: GroupedRuns, j: number): boolean {
  const [time, other] = [a.startedAt[i]!, b.startedAt[j]!];
  return time > other || (time === other && a.refs[i]! > b.refs[j]!);
}

function isSlice({ values }: FoundField): boolean {
  if (values.givenUp || values.book === null) return false;
  const { size } = values.book;
  return size >= 2 && size <= MOST_VALUES && kindOf(values) === 'label';
}

function sliceOf({ path, values }: FoundField, order: Uint32Array): SliceField {
  const none: SideOrder = { rows: new Uint32Array(), failed: new IntegerRows() };
  const inputs: SideOrder = { rows: order, failed: new IntegerRows() };
  const { labels, before } = columnValues(values, 'label', inputs, none);
  return { name: path, values: labels, codes: before.codes };
}
