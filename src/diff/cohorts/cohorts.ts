/**
 * From the traces of two sides to the columns a diff computes on. What is kept of a trace is a few
 * numbers a column; its texts are read once and forgotten.
 */
import type { ArtifactId } from '../../lineage/manifest.ts';
import type { Column, ColumnSource, DiffData, SkippedField } from '../data.ts';
import type { CohortTrace, Side } from '../source.ts';
import { kindOf, typeNoteOf } from './column-kind.ts';
import { columnValues } from './column-values.ts';
import { chooseFields } from './field-choice.ts';
import { type FieldOptions, FieldValues, MOST_LABELS } from './field-values.ts';
import { Inputs } from './inputs.ts';
import { type NamedField, Outputs } from './outputs.ts';
import { type PairCounts, pairsOf } from './pair-counts.ts';
import { IntegerRows } from './rows.ts';
import { type GroupedRuns, SideRuns } from './side-runs.ts';
import { type CohortSummary, SideTally } from './side-tally.ts';
import { Slices } from './slices.ts';
import type { SideNumber } from './value-types.ts';

export type { NamedField } from './outputs.ts';
export type { PairCounts } from './pair-counts.ts';
export type { CohortSummary } from './side-tally.ts';

export interface CohortsOptions {
  /** Fields of the output that somebody named. */
  fields: readonly NamedField[];
  /** Compare fields nobody named, too, and find slices of the inputs. */
  discover: boolean;
}

export interface CohortsResult {
  data: DiffData;
  before: CohortSummary;
  after: CohortSummary;
  pairs: PairCounts;
  /** The greatest ref seen, left-out traces included; 0: none. */
  newest: number;
}

/**
 * Give it each trace of both sides once, in any order and the sides in any turn, then take the
 * result, once. The same traces give the same result, and swapped sides the swapped one.
 */
export class Cohorts {
  readonly #inputs = new Inputs();
  readonly #outputs: Outputs;
  readonly #slices: Slices | null;
  readonly #sides = [new CollectedSide(), new CollectedSide()] as const;
  readonly #decision = fixed('label');
  readonly #latency = fixed('number');
  readonly #inputTokens = fixed('number');
  readonly #outputTokens = fixed('number');
  #newest = 0;

  /** @throws FieldPathError where a named path is none */
  constructor({ fields, discover }: CohortsOptions) {
    this.#outputs = new Outputs(fields, discover);
    this.#slices = discover ? new Slices() : null;
  }

  add(name: Side, trace: CohortTrace): void {
    const number = name === 'before' ? 0 : 1;
    const { tally } = this.#sides[number];
    const { artifactId, inputHash } = trace;
    this.#newest = Math.max(this.#newest, trace.ref);
    if (trace.leftOut !== null) tally.leaveOut(trace.leftOut);
    else if (artifactId === null) tally.leaveOut('unknown-artifact');
    else if (inputHash === null) tally.leaveOut('no-input');
    else this.#take(number, trace, artifactId, this.#inputOf(trace, inputHash));
  }

  finish(): CohortsResult {
    const order = this.#inputs.inOrder();
    const [before, after] = [this.#sides[0].grouped(order), this.#sides[1].grouped(order)];
    const clusters = this.#inputs.clusters(order);
    this.#inputs.release();
    const { columns, skipped } = this.#columns(before, after);
    const slices = this.#slices?.finish(order, [before, after]) ?? [];
    const data = { inputs: order.length, before, after, clusters, columns, skipped, slices };
    const { inputsBefore, inputsAfter, pairs } = pairsOf(data);
    return {
      data: { ...data, before: withoutRows(before), after: withoutRows(after) },
      before: this.#sides[0].tally.summary(inputsBefore),
      after: this.#sides[1].tally.summary(inputsAfter),
      pairs,
      newest: this.#newest,
    };
  }

  #inputOf(trace: CohortTrace, inputHash: Buffer): number {
    const known = this.#inputs.size;
    const { context, turn } = trace;
    const input = this.#inputs.numberOf({ inputHash, context, turn });
    if (input === known) this.#slices?.readInput(input, trace.input());
    return input;
  }

  #take(number: SideNumber, trace: CohortTrace, artifactId: ArtifactId, input: number): void {
    const { failed, runs, tally } = this.#sides[number];
    const row = runs.add(input, trace.ref, trace.startedAt);
    const facts = trace.facts();
    if (facts.failed) failed.set(row, 1);
    tally.take(trace, artifactId, facts.failed);

    if (trace.decision !== null) this.#decision.add(number, row, trace.decision);
    this.#latency.add(number, row, trace.endedAt - trace.startedAt);
    if (facts.inputTokens !== null) this.#inputTokens.add(number, row, facts.inputTokens);
    if (facts.outputTokens !== null) this.#outputTokens.add(number, row, facts.outputTokens);
    this.#outputs.read(number, row, trace);
    this.#slices?.readService(number, row, trace.service);
    if ((row & 0x3fff) === 0) this.#outputs.found?.fit(this.#rows);
  }

  get #rows(): number {
    return this.#sides[0].runs.count + this.#sides[1].runs.count;
  }

  #columns(
    before: GroupedRuns,
    after: GroupedRuns,
  ): { columns: Column[]; skipped: SkippedField[] } {
    const sides = [
      { rows: before.rows, failed: this.#sides[0].failed },
      { rows: after.rows, failed: this.#sides[1].failed },
    ] as const;
    const columns: Column[] = [];
    const take = (values: FieldValues, described: Described) => {
      const kind = described.kind ?? kindOf(values);
      const typeNote = described.kind === undefined ? typeNoteOf(values, kind) : null;
      const typed = described.kind === undefined && values.asked !== null ? 'asked' : 'seen';
      columns.push({
        ...described,
        kind,
        typed,
        typeNote,
        ...columnValues(values, kind, ...sides),
      });
    };

    const { found, isWholeNamed, named, whole } = this.#outputs;
    const isDecided = this.#decision.totalRuns > 0;
    const isAnythingFirst = isDecided || named.length > 0;
    take(this.#decision, {
      ...ofTrace('decision', 'label'),
      family: isDecided ? 'first' : 'found',
    });
    for (const { path, values } of named) take(values, ofOutput(path, 'first'));
    if (!isWholeNamed) {
      take(whole, ofOutput('$', isAnythingFirst ? 'found' : 'first'));
    }
    take(this.#latency, ofTrace('latency', 'number'));
    if (this.#inputTokens.totalRuns > 0) take(this.#inputTokens, ofTrace('inputTokens', 'number'));
    if (this.#outputTokens.totalRuns > 0) {
      take(this.#outputTokens, ofTrace('outputTokens', 'number'));
    }
    if (!found) return { columns, skipped: [] };
    found.fit(this.#rows);
    const chosen = chooseFields(found.fields(), [before.count, after.count]);
    for (const { path, values } of chosen.columns) take(values, ofOutput(path, 'found'));
    return { columns, skipped: chosen.skipped };
  }
}

class CollectedSide {
  readonly runs = new SideRuns();
  readonly failed = new IntegerRows();
  readonly tally = new SideTally();

  grouped(order: Uint32Array): GroupedRuns {
    return this.runs.grouped(order);
  }
}

/** `kind`: fixed by what it is. */
interface Described extends Pick<Column, 'name' | 'source' | 'path' | 'family'> {
  kind?: 'label' | 'number';
}

function ofTrace(source: ColumnSource, kind: 'label' | 'number') {
  return { name: source, source, path: null, family: 'found', kind } as const;
}

function ofOutput(path: string, family: Column['family']): Described {
  return { name: path, source: 'output', path, family };
}

function fixed(asked: FieldOptions['asked']): FieldValues {
  return new FieldValues({ asked, mostLabels: MOST_LABELS, onlyLabels: false });
}

function withoutRows({ count, starts, refs, startedAt }: GroupedRuns): DiffData['before'] {
  return { count, starts, refs, startedAt };
}
