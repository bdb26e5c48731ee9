/** What values are in JSON, counted by side. Both sides together decide what a column is compared as. */

/** 0: before, 1: after. */
export type SideNumber = 0 | 1;

const NAMES = [
  'numbers',
  'numbers out of range',
  'texts',
  'booleans',
  'nulls',
  'lists',
  'objects',
  'unread',
] as const;

export type TypeName = (typeof NAMES)[number];

const PLACES = Object.fromEntries(NAMES.map((name, place) => [name, 2 * place])) as Record<
  TypeName,
  number
>;

export class TypeCounts {
  readonly #counts = new Uint32Array(2 * NAMES.length);

  add(type: TypeName, side: SideNumber): void {
    this.#counts[PLACES[type] + side]!++;
  }

  of(...types: TypeName[]): number {
    return types.reduce((sum, type) => {
      const at = PLACES[type];
      return sum + this.#counts[at]! + this.#counts[at + 1]!;
    }, 0);
  }

  /** The types that occur. */
  seen(): TypeName[] {
    return NAMES.filter((type) => this.of(type) > 0);
  }

  /** `numbers 40 before, 0 after; texts 0 before, 38 after` */
  told(types: readonly TypeName[]): string {
    return types
      .map((type) => {
        const at = PLACES[type];
        return `${type} ${this.#counts[at]} before, ${this.#counts[at + 1]} after`;
      })
      .join('; ');
  }
}
