/** What a request's spans come to while they are decoded, from either encoding. */
import { LAST_TIME, MAX_MESSAGES, MAX_PARTS } from './limits.ts';
import { OtlpError } from './otlp-error.ts';
import type { OtlpSpan } from './span.ts';

export interface Decoded {
  spans: OtlpSpan[];
  /** Spans that are not among them, with why the first few are not. */
  rejected: { count: number; messages: string[] };
  /** What the sender should know of spans that were taken. */
  notes: string[];
}

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

export class Intake {
  /** Where the span stands that is being read; -1 before the first. */
  resourceAt = -1;
  scopeAt = -1;
  spanAt = -1;
  /** What is wrong with what is being read, if anything. */
  problem: string | null = null;
  readonly #notes: string[] = [];
  readonly #spans: OtlpSpan[] = [];
  readonly #messages: string[] = [];
  #rejected = 0;
  #parts = 0;
  #mended = 0;

  /** Counts a resource, a scope, a span, an event or a value. @throws OtlpError too-many */
  countPart(): void {
    if (++this.#parts <= MAX_PARTS) return;
    const problem = `the request has more than ${MAX_PARTS} spans, events and values`;
    throw new OtlpError('too-many', `${problem}, so none of it was stored; send it in parts`);
  }

  /** Of several problems the first counts. */
  report(problem: string): void {
    this.problem ??= problem;
  }

  /** A text had something in it that is no character, and now has U+FFFD there. */
  countMended(): void {
    this.#mended++;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** Takes a span, unless there is a problem with it. */
  add(span: OtlpSpan): void {
    const problem = this.problem ?? problemOf(span);
    if (problem === null) this.#spans.push(span);
    else this.reject(problem);
  }

  reject(problem: string): void {
    this.problem = null;
    if (++this.#rejected > MAX_MESSAGES) return;
    const { resourceAt, scopeAt, spanAt } = this;
    const place = `resourceSpans[${resourceAt}].scopeSpans[${scopeAt}].spans[${spanAt}]`;
    this.#messages.push(`${place}: ${problem}`);
  }

  /** To be called after a resource or a scope, which many spans share. @throws OtlpError */
  expectNoProblem(what: string): void {
    if (this.problem === null) return;
    throw new OtlpError(
      'bad-shape',
      `${what} of resourceSpans[${this.resourceAt}]: ${this.problem}`,
    );
  }

  decoded(): Decoded {
    if (this.#mended > 0) {
      const text = `${this.#mended} texts were no Unicode (lone surrogates, bytes that are no UTF-8)`;
      this.note(`${text}; what is no character in them was stored as U+FFFD`);
    }
    const rejected = { count: this.#rejected, messages: this.#messages };
    return { spans: this.#spans, rejected, notes: this.#notes };
  }
}

/** Ids that are not there are '' here, times 0. */
function problemOf({ traceId, spanId, start, end }: OtlpSpan): string | null {
  if (traceId === '' || traceId === NO_TRACE) return 'it has no traceId, or one of zeros';
  if (spanId === '' || spanId === NO_SPAN) return 'it has no spanId, or one of zeros';
  if (start === 0n) return 'it has no startTimeUnixNano';
  if (end === 0n) return 'it has no endTimeUnixNano';
  if (start > LAST_TIME || end > LAST_TIME) return `a time is past ${LAST_TIME} ns (the year 2262)`;
  return end < start ? 'it ends before it starts' : null;
}

/** Not every sender leaves it out for a root: some send zeros. */
export function parentOf(id: string): string | null {
  return id === '' || id === NO_SPAN ? null : id;
}
