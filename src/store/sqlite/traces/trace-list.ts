/** Lists of traces, newest first, by every filter of the contract. */
import { labelGlob } from '../../label-glob.ts';
import type { TraceFilter, TracePage } from '../../store.ts';
import type { History, Reach } from '../history.ts';
import type { Labels, LabelTimes } from '../labels.ts';
import type { LostStretches } from '../lost.ts';
import type { Db } from '../open.ts';
import { KeyQuestions } from './key-questions.ts';
import { type AskedLabel, askEach, askTogether, walk } from './keys-of-labels.ts';
import { LabelNames } from './label-names.ts';
import { type Condition, conditions, type Part } from './trace-filter.ts';
import { ALL_TIME, type Key, Newest } from './trace-keys.ts';
import type { TraceRow, TraceRows } from './trace-rows.ts';

/** Bytes of text after which a page ends: a thousand traces may have 16 MiB each. */
const PAGE_TEXT = 16 * 2 ** 20;

const UNCONDITIONAL: Condition = { where: [], part: 'all', ranges: null };
/** How many traces are passed in the time that asking one more label takes: where each is just looked at, or attributed. */
const PASSED_PER_LABEL = { plain: 8, attributed: 2 };

export class TraceList {
  readonly #labels: Labels;
  readonly #history: History;
  readonly #lost: LostStretches;
  readonly #rows: TraceRows;
  readonly #names: LabelNames;
  readonly #questions: KeyQuestions;
  /** Labels that have traces: of those that are only watched there may be thousands more. */
  readonly #traced;

  constructor(db: Db, rows: TraceRows, labels: Labels, history: History, lost: LostStretches) {
    this.#rows = rows;
    this.#labels = labels;
    this.#history = history;
    this.#lost = lost;
    this.#names = new LabelNames(db);
    this.#questions = new KeyQuestions(db);
    this.#traced = db.$client.prepare<[], LabelTimes>(
      `SELECT id, clock_skew_ms AS clockSkewMs, serving_lag_ms AS servingLagMs,
           longest_trace_ms AS longestTraceMs, first_received_at AS firstReceivedAt,
           last_requested_at AS lastRequestedAt, next_seq AS nextSeq
         FROM labels l WHERE EXISTS (SELECT 1 FROM traces t WHERE t.label_id = l.id)`,
    );
  }

  /** A page, cut short where its texts would fill the memory; `more` where another may follow. */
  page(filter: TraceFilter, page: TracePage): { rows: TraceRow[]; more: boolean } {
    const wanted = this.#keys(filter, page);
    const seqs = wanted.map(({ seq }) => seq);
    const rows = this.pageOf(seqs, page.texts ?? true, page.bytes);
    return { rows, more: rows.length < wanted.length || wanted.length === page.limit };
  }

  #keys(filter: TraceFilter, page: TracePage): readonly Key[] {
    if (isPlain(filter)) {
      return this.#questions.of(filter, UNCONDITIONAL, page, 'any')(ALL_TIME, page.limit);
    }
    const newest = new Newest(page.limit);
    if (filter.unmapped !== true) {
      const isCut = this.#lost.all.length > 0;
      for (const condition of conditions(filter, isCut)) {
        this.#addLabelled(filter, condition, page, newest);
      }
    }
    this.#addUnlabelled(filter, page, newest);
    return newest.keys;
  }

  #addLabelled(filter: TraceFilter, condition: Condition, page: TracePage, newest: Newest): void {
    const { limit } = page;
    const byCuts = condition.where.length > 0 && this.#lost.all.length > 0;
    const isBare = condition.ranges === null && condition.part === 'all' && !byCuts;
    if (filter.label === undefined && isBare) {
      newest.add(this.#questions.of(filter, condition, page, 'labelled')(ALL_TIME, limit));
      return;
    }
    const labels = this.#asked(filter, condition);
    if (byCuts) {
      const ask = this.#questions.of(filter, condition, page, 'label');
      askEach(labels, ask, limit, newest, ALL_TIME.to);
      return;
    }
    const { plain, attributed } = PASSED_PER_LABEL;
    const means = {
      ask: this.#questions.of(filter, condition, page, 'labels'),
      askSeveral: this.#questions.ofRanges(filter, condition, page),
      newestOf: (range: typeof ALL_TIME, count: number) =>
        this.#questions.newestOf(range, count, filter, page),
      passedPerLabel: condition.where.length > 0 ? attributed : plain,
    };
    // Traces that name a blob are few, and in an index by label.
    const isWalked = condition.part !== 'declared';
    const until = isWalked ? walk(labels, means, limit, newest) : ALL_TIME.to;
    if (newest.from < until) askTogether(labels, means, limit, newest, until);
  }

  /** Those that no label has: without readings all of them are unobserved, or what they declare. */
  #addUnlabelled(filter: TraceFilter, page: TracePage, newest: Newest): void {
    const part = partWithoutLabel(filter);
    if (!part) return;
    const ask = this.#questions.of(filter, { ...UNCONDITIONAL, part }, page, 'unlabelled');
    newest.add(ask(ALL_TIME, page.limit));
  }

  #asked(filter: TraceFilter, condition: Condition): AskedLabel[] {
    if (condition.ranges === null && condition.where.length === 0) {
      return this.#idsOf(filter).map((id) => ({ id, cuts: '[]', ranges: [ALL_TIME] }));
    }
    const labels = this.#labelsOf(filter);
    const reaches = this.#reachesOf(labels, filter);
    return labels.map((label) => {
      const cuts = condition.where.length > 0 ? this.#lost.cutsOf(label) : [];
      const runs = () => reaches(label);
      const ranges = condition.ranges ? condition.ranges(label, runs, cuts) : [ALL_TIME];
      return { id: label.id, cuts: JSON.stringify(cuts), ranges };
    });
  }

  /** Looked up once somebody asks: those of all labels at once, where there are several. */
  #reachesOf(
    labels: readonly LabelTimes[],
    { artifact, candidate }: TraceFilter,
  ): (label: LabelTimes) => readonly Reach[] {
    const byArtifact = artifact !== undefined || candidate !== undefined;
    let found: Map<number, Reach[]> | null = null;
    return ({ id }) => {
      const read = () => labels.filter(({ firstReceivedAt }) => firstReceivedAt !== null);
      found ??= this.#history.reaches(
        read().map((label) => label.id),
        byArtifact,
      );
      return found.get(id) ?? [];
    };
  }

  #labelsOf(filter: TraceFilter): LabelTimes[] {
    if (filter.label === undefined) return this.#traced.all();
    return this.#idsOf(filter).map((id) => this.#labels.byId(id));
  }

  #idsOf({ label = '*' }: TraceFilter): number[] {
    if (/[*?]/.test(label)) return this.#names.matching(labelGlob(label));
    return [this.#labels.find(label)?.id ?? []].flat();
  }

  /** The first of these traces, as many as their texts allow. */
  pageOf(seqs: readonly number[], withTexts: boolean, bytes = PAGE_TEXT): TraceRow[] {
    const rows = this.#rows.several(seqs);
    if (!withTexts) return rows;
    let length = 0;
    const over = rows.findIndex((row) => {
      const isOver = length > bytes;
      length += row.bytes;
      return isOver;
    });
    return over < 0 ? rows : rows.slice(0, over);
  }
}

/** Nothing in it has to do with a label. */
function isPlain(filter: TraceFilter): boolean {
  const { label, artifact, candidate, certainty, observed, conflict, unmapped } = filter;
  const asked = [label, artifact, candidate, certainty, observed, conflict, unmapped];
  return asked.every((value) => value === undefined);
}

/** Which of the traces without a label the filter leaves; null: none. */
function partWithoutLabel(filter: TraceFilter): Part | null {
  const { unmapped, label, artifact, candidate, conflict, observed, certainty } = filter;
  if (unmapped === false || label !== undefined || artifact || candidate || conflict) return null;
  if (observed && observed !== 'unobserved') return null;
  if (certainty === undefined) return 'all';
  if (certainty === 'declared') return 'declared';
  return certainty === 'unobserved' ? 'undeclared' : null;
}
