/** The traces behind inputs, fetched late and a few at a time: one may have 16 MiB of text. */
import type { DiffData, Runs } from '../data.ts';
import type { DiffSource, ShownTrace } from '../source.ts';

const AT_ONCE = 4;

/** Of one input: the latest run of each side; null where it is gone meanwhile. */
export interface TracePair {
  input: number;
  before: ShownTrace | null;
  after: ShownTrace | null;
}

export class ShownTraces {
  readonly #source: DiffSource;
  readonly #data: DiffData;
  readonly #ids = new Map<number, string | null>();

  constructor(source: DiffSource, data: DiffData) {
    this.#source = source;
    this.#data = data;
  }

  /** In the order of `inputs`, each of which ran on both sides. No more than four traces are held at once. */
  async *pairs(inputs: Iterable<number>): AsyncGenerator<TracePair> {
    for (const some of chunks(inputs, AT_ONCE / 2)) {
      const wanted = some.map((input) => ({
        input,
        before: latestOf(this.#data.before, input),
        after: latestOf(this.#data.after, input),
      }));
      const refs = new Set(wanted.flatMap(({ before, after }) => [before, after]));
      const found = await this.#fetch([...refs]);
      for (const { input, before, after } of wanted) {
        yield { input, before: found.get(before) ?? null, after: found.get(after) ?? null };
      }
    }
  }

  /** The trace ids of an input's runs of one side, latest first, at most `most`; those that are gone are left out. */
  idsOf(side: 'before' | 'after', input: number, most: number): Promise<string[]> {
    const { refs, starts } = this.#data[side];
    const from = Math.max(starts[input]!, starts[input + 1]! - most);
    return this.#idsOf([...refs.subarray(from, starts[input + 1]!)].reverse());
  }

  async #idsOf(refs: readonly number[]): Promise<string[]> {
    for (const some of chunks(
      refs.filter((ref) => !this.#ids.has(ref)),
      AT_ONCE,
    )) {
      await this.#fetch(some);
    }
    return refs.flatMap((ref) => this.#ids.get(ref) ?? []);
  }

  async #fetch(refs: readonly number[]): Promise<ReadonlyMap<number, ShownTrace>> {
    const found = await this.#source.traces(refs);
    for (const ref of refs) this.#ids.set(ref, found.get(ref)?.id ?? null);
    return found;
  }
}

function latestOf({ refs, starts }: Runs, input: number): number {
  return refs[starts[input + 1]! - 1]!;
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let some: T[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
