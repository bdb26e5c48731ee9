/**
 * Traces from lines of JSON into the service, in batches. A line's text goes into the request as it
 * stands: parsed and written anew, 1.0 would become 1 and a large integer another one.
 */
import type { IngestAnswer } from '../contract/trace.ts';
import { RefusedError, type Service } from './client.ts';
import type { Line } from './ndjson.ts';

export const MAX_TRACES = 1000;
export const MAX_BYTES = 8 * 2 ** 20;
/** No service takes a longer one by far; a file that is one endless line ends here. */
export const MAX_LINE_BYTES = 64 * 2 ** 20;

// 400: one trace spoils the request for all (nested too deep). 413: the service takes less at once.
const SPLIT_ON = [400, 413];

export interface Rejection {
  line: number;
  path: string;
  message: string;
}

export interface ImportSums {
  accepted: number;
  duplicates: number;
  rejected: number;
}

interface Item {
  line: number;
  text: string;
}

export class TraceImport {
  readonly sums: ImportSums = { accepted: 0, duplicates: 0, rejected: 0 };
  /** The last line that the service has answered for, and all before it. */
  answeredLine = 0;
  readonly #service: Service;
  readonly #onRejected: (rejection: Rejection) => void;
  #batch: Item[] = [];
  #bytes = 0;

  constructor(service: Service, onRejected: (rejection: Rejection) => void) {
    this.#service = service;
    this.#onRejected = onRejected;
  }

  /** @throws CommandError where the service can't be asked or takes nothing from anyone */
  async run(lines: AsyncIterable<Line>, onProgress: (sums: ImportSums) => void): Promise<void> {
    for await (const { number, text, problem } of lines) {
      if (text === null) this.#reject(number, '', LINE_PROBLEMS[problem ?? 'not-utf-8']);
      else if (text.trim() !== '') await this.#add({ line: number, text });
      onProgress(this.sums);
    }
    await this.#flush();
  }

  async #add(item: Item): Promise<void> {
    const problem = jsonProblem(item.text);
    if (problem) return this.#reject(item.line, '', problem);
    const bytes = Buffer.byteLength(item.text) + 1;
    if (this.#batch.length === MAX_TRACES || this.#bytes + bytes > MAX_BYTES) await this.#flush();
    this.#batch.push(item);
    this.#bytes += bytes;
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    await this.#send(batch);
    this.answeredLine = batch.at(-1)?.line ?? this.answeredLine;
  }

  async #send(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    try {
      const body = `{"traces":[${items.map(({ text }) => text).join(',')}]}`;
      const answer = await this.#service.send<IngestAnswer>('POST', 'traces', body);
      this.#count(items, answer.body);
    } catch (error) {
      if (!(error instanceof RefusedError) || !SPLIT_ON.includes(error.problem.status)) throw error;
      if (items.length === 1) return this.#reject(items[0]!.line, '', error.problem.detail);
      // Nothing of a refused request was stored, so its halves can be sent again.
      const middle = items.length >> 1;
      await this.#send(items.slice(0, middle));
      await this.#send(items.slice(middle));
    }
  }

  #count(items: readonly Item[], { accepted, duplicates, rejected }: IngestAnswer): void {
    this.sums.accepted += accepted;
    this.sums.duplicates += duplicates;
    for (const { index, path, message } of rejected) {
      this.#reject(items[index]?.line ?? 0, path, message);
    }
  }

  #reject(line: number, path: string, message: string): void {
    this.sums.rejected += 1;
    this.#onRejected({ line, path, message });
  }
}

const LINE_PROBLEMS = {
  'too-long': `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB, so it was passed over`,
  'not-utf-8': 'not UTF-8, so it was passed over',
};

/** Text that parses can't break out of its place in the request. */
function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    // The parser quotes the text around the fault, which may be long and may hold anything.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    return `not JSON${position === undefined ? '' : ` (at character ${Number(position) + 1})`}`;
  }
}
