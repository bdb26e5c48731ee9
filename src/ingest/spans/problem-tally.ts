/** What could not be taken of a request's attributes, in a few words: a sender makes its mistakes in every span. */
import { MAX_MESSAGES } from '../otlp/limits.ts';
import type { AttributeProblem } from './label-facts.ts';

export class ProblemTally {
  readonly #spans = new Map<string, number>();
  #untold = 0;

  /** @param problems of one span */
  add(problems: readonly AttributeProblem[]): void {
    for (const { attribute, message } of problems) {
      const text = `${attribute} ${message}`;
      const known = this.#spans.get(text);
      if (known === undefined && this.#spans.size === MAX_MESSAGES) this.#untold++;
      else this.#spans.set(text, (known ?? 0) + 1);
    }
  }

  notes(): string[] {
    const notes = [...this.#spans].map(([text, spans]) =>
      spans === 1 ? `${text}; its span was taken` : `${text}; its ${spans} spans were taken`,
    );
    return this.#untold === 0
      ? notes
      : [...notes, `${this.#untold} more attributes could not be taken for what their names say`];
  }
}
