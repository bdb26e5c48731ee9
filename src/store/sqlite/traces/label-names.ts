/**
 * Names of labels in memory, for globs: reading thousands of them for each page costs more than the
 * page. A name is never changed, and none goes, so only those made since are read.
 */
import type { LabelGlob } from '../../label-glob.ts';
import type { Db } from '../open.ts';

export class LabelNames {
  readonly #after;
  readonly #names: { id: number; name: string }[] = [];

  constructor(db: Db) {
    this.#after = db.$client.prepare<[number], { id: number; name: string }>(
      'SELECT id, name FROM labels WHERE id > CAST(? AS INTEGER) ORDER BY id',
    );
  }

  /** Outside of transactions: what one made may be undone. @returns ids of those whose name fits, registered or not */
  matching(glob: LabelGlob): number[] {
    for (const made of this.#after.all(this.#names.at(-1)?.id ?? 0)) this.#names.push(made);
    return this.#names.filter(({ name }) => glob.test(name)).map(({ id }) => id);
  }
}
