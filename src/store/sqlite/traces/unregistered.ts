/** Names that traces stand under and nobody registered: rules and spans may name whatever they like. */
import type { LabelBy, UnregisteredLabel } from '../../mapping.ts';
import type { Labels } from '../labels.ts';
import type { Db } from '../open.ts';
import { type Origins, originOf } from './origins.ts';
import { Turn } from './turn.ts';

/** Half a millisecond's work; who has more of them needs no figure to see what is wrong. */
const MOST_COUNTED = 10_000;

interface Last {
  startedAt: number;
  labelBy: LabelBy;
  originId: number | null;
}

export class Unregistered {
  readonly #labels: Labels;
  readonly #origins: Origins;
  readonly #ids;
  readonly #last;
  readonly #first;
  readonly #count;

  constructor(db: Db, labels: Labels, origins: Origins) {
    this.#labels = labels;
    this.#origins = origins;
    const { $client: client } = db;
    const ofLabel = 'FROM traces INDEXED BY traces_label_time WHERE label_id = CAST(? AS INTEGER)';
    this.#ids = client
      .prepare<[], number>(
        'SELECT id FROM labels WHERE source IS NULL ORDER BY trace_bytes DESC, id',
      )
      .pluck();
    this.#last = client.prepare<[number], Last>(
      `SELECT started_at AS startedAt, label_by AS labelBy, origin_id AS originId
       ${ofLabel} ORDER BY started_at DESC LIMIT 1`,
    );
    this.#first = client.prepare<[number], number>(`SELECT min(started_at) ${ofLabel}`).pluck();
    this.#count = client
      .prepare<[number], number>(
        `SELECT count(*) FROM (SELECT 1 ${ofLabel} LIMIT ${MOST_COUNTED + 1})`,
      )
      .pluck();
  }

  /** Those whose traces have the most text, at most `limit`; of them the one with the most traces first. */
  async list(limit: number): Promise<UnregisteredLabel[]> {
    const found: UnregisteredLabel[] = [];
    const turn = new Turn();
    for (const id of this.#ids.all()) {
      if (found.length === limit) break;
      if (turn.isOver) await turn.next();
      const label = this.#of(id);
      if (label) found.push(label);
    }
    return found.sort((a, b) => b.traces - a.traces);
  }

  /** Null where no trace has it any more, or somebody registered it meanwhile. */
  #of(id: number): UnregisteredLabel | null {
    const last = this.#last.get(id);
    const { name, source } = this.#labels.byId(id);
    if (!last || source !== null) return null;
    const counted = this.#count.get(id)!;
    return {
      label: name,
      traces: Math.min(counted, MOST_COUNTED),
      moreTraces: counted > MOST_COUNTED,
      firstStartedAt: this.#first.get(id)!,
      lastStartedAt: last.startedAt,
      labelBy: last.labelBy,
      origin: last.originId === null ? null : originOf(this.#origins.byId(last.originId)),
    };
  }
}
