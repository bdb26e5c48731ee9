import { type Interval, wilsonCI } from './intervals.ts';
import { valuesByPath } from './json-paths.ts';

export interface PathChange {
  path: string;
  /** Pairs with something at this path on either side. */
  pairs: number;
  /** Of those: present on both sides and different, only after, only before. */
  changed: number;
  added: number;
  removed: number;
  /** (changed + added + removed)/pairs, with its Wilson interval at 95 %. */
  rate: number;
  interval: Interval;
}

/** Paths beyond these are counted together, so that keys made up by a model can't fill memory. */
const MOST_PATHS = 1000;
const OTHERS = '(other paths)';

/** Change rates per path, gathered while pairs of JSON outputs stream by. */
export class JsonChanges {
  readonly #paths = new Map<
    string,
    { pairs: number; changed: number; added: number; removed: number }
  >();
  #compared = 0;
  #leftOut = 0;

  /** Pairs compared, and pairs left out: no JSON on one side, over 262,144 characters or 50,000 values. */
  get compared(): number {
    return this.#compared;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  /** @param before JSON text @param after JSON text */
  add(before: string, after: string): void {
    const [one, other] = [valuesByPath(before), valuesByPath(after)];
    if (one === null || other === null) {
      this.#leftOut++;
      return;
    }
    this.#compared++;
    const seen = new Map<string, 'changed' | 'added' | 'removed' | 'kept'>();
    for (const path of new Set([...one.keys(), ...other.keys()])) {
      const [from, to] = [one.get(path), other.get(path)];
      const place = this.#paths.has(path) || this.#paths.size < MOST_PATHS ? path : OTHERS;
      const outcome =
        from === undefined
          ? 'added'
          : to === undefined
            ? 'removed'
            : from === to
              ? 'kept'
              : 'changed';
      const known = seen.get(place);
      // One pair counts once a path; paths counted together changed if any did.
      if (known === undefined || known === 'kept') seen.set(place, outcome);
      else if (known !== outcome && outcome !== 'kept') seen.set(place, 'changed');
      if (place !== OTHERS && !this.#paths.has(place)) this.#paths.set(place, empty());
    }
    for (const [place, outcome] of seen) {
      const counts = this.#paths.get(place) ?? empty();
      counts.pairs++;
      if (outcome !== 'kept') counts[outcome]++;
      this.#paths.set(place, counts);
    }
  }

  /** All paths seen, the highest change rate first, then by path. */
  rates(): PathChange[] {
    const rates = [...this.#paths].map(([path, counts]) => {
      const k = counts.changed + counts.added + counts.removed;
      return {
        path,
        ...counts,
        rate: k / counts.pairs,
        interval: wilsonCI({ k, n: counts.pairs }),
      };
    });
    return rates.sort((a, b) => b.rate - a.rate || (a.path < b.path ? -1 : 1));
  }
}

/** `JsonChanges` of pairs at hand. */
export function jsonChangeRate({ pairs }: { pairs: Iterable<{ a: string; b: string }> }): {
  compared: number;
  left_out: number;
  paths: PathChange[];
} {
  const changes = new JsonChanges();
  for (const { a, b } of pairs) changes.add(a, b);
  return { compared: changes.compared, left_out: changes.leftOut, paths: changes.rates() };
}

function empty() {
  return { pairs: 0, changed: 0, added: 0, removed: 0 };
}
