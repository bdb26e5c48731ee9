/** A SpanProcessor of OpenTelemetry's SDK (2.x) that stamps each inference with its tag as it ends. */
import type { UnderlabelClient } from './client.ts';
import { ClientError } from './client-error.ts';
import { type OnError, type Report, reporter } from './guard.ts';
import { type LabelOption, labelOfSpan, type SpanLabel } from './span-label.ts';
import type { OpenSpan, SpanView } from './span-view.ts';
import { stamp } from './stamp.ts';
import type { Tag } from './tag.ts';
import { hrTimeOf } from './times.ts';

export interface SpanProcessorOptions {
  /** Left out: the model that a span asks for, where a label has that name. */
  label?: LabelOption | undefined;
  onError?: OnError | undefined;
}

/**
 * Register it before the processors that export. It holds no spans, waits for nothing, and throws
 * nothing; a span it can't stamp stays as it is.
 */
export class UnderlabelSpanProcessor {
  readonly #client: UnderlabelClient;
  readonly #label: LabelOption | undefined;
  readonly #report: Report;
  #ended = false;
  #isOver = false;

  constructor(client: UnderlabelClient, options: SpanProcessorOptions = {}) {
    this.#client = client;
    const { label, onError } = options;
    this.#label = label;
    this.#report = reporter(onError);
    if (typeof label === 'string') this.#guarded(() => client.follow(label));
  }

  /** The label is asked for while the model works: by the end of the span it is mostly known. */
  onStart(span: SpanView, _context: unknown): void {
    this.#guarded(() => {
      const label = labelOfSpan(span, this.#label);
      if (label) this.#client.tag({ label: label.name });
    });
  }

  /** The one moment at which a span has its end and can still be written to. */
  onEnding(span: OpenSpan): void {
    this.#ended = true;
    this.#guarded(() => {
      const label = labelOfSpan(span, this.#label);
      if (!label) return;
      const tag = this.#tagOf(span, label);
      if (tag) stamp(span, tag, label);
    });
  }

  onEnd(_span: unknown): void {
    if (this.#ended || this.#isOver) return;
    this.#ended = true;
    const message =
      'this OpenTelemetry SDK ends spans without telling before (onEnding), so nothing can be stamped; take @opentelemetry/sdk-trace-base 2.x';
    this.#report(new ClientError('no-ending', message));
  }

  async forceFlush(): Promise<void> {}

  /** The client may serve others, so it stays open. */
  async shutdown(): Promise<void> {
    this.#isOver = true;
  }

  #tagOf(span: SpanView, label: SpanLabel): Tag | null {
    const [started, ended] = [hrTimeOf(span.startTime), hrTimeOf(span.endTime)];
    if (!started || !ended) return null;
    const request = { label: label.name, startedAt: started.floor, endedAt: ended.ceil };
    const tag = this.#client.tag(request);
    // Nobody said that a model's name is a label, and the service did not either.
    return label.by === 'model' && tag.asOf === null ? null : tag;
  }

  #guarded(work: () => void): void {
    if (this.#isOver) return;
    try {
      work();
    } catch (thrown) {
      this.#report(thrown instanceof ClientError ? thrown : hostile(thrown));
    }
  }
}

function hostile(cause: unknown): ClientError {
  const message = 'a span, or the option that names its label, threw; the span was left as it was';
  return new ClientError('hostile-span', message, { cause });
}
