/** Follows the stream of events through every death of the service: each restart resumes after the last one seen. */
import { setTimeout as pause } from 'node:timers/promises';
import { type CloudEventJson, cloudEvent } from '../../src/contract/event.ts';
import { reasonOf } from './asking.ts';
import type { Findings } from './findings.ts';
import type { Standing } from './standing.ts';

export class EventStream {
  /** As they came. Nothing is dropped: one that comes twice stands here twice. */
  readonly events: CloudEventJson[] = [];
  connections = 0;
  #lastId: string | null = null;
  readonly #standing: Standing;
  readonly #findings: Findings;

  constructor(standing: Standing, findings: Findings) {
    this.#standing = standing;
    this.#findings = findings;
  }

  /** Until `over` aborts. */
  async follow(over: AbortSignal): Promise<void> {
    for (;;) {
      const url = await this.#standing.whenUp(over);
      if (url === null) return;
      const error = await this.#connect(`${url}/api/v1/events`, over).then(() => null, reasonOf);
      const wasLeft = this.#standing.url === url && !over.aborted;
      if (wasLeft) this.#findings.note(`the stream ended while the service ran: ${error}`);
      await pause(20);
    }
  }

  async #connect(url: string, over: AbortSignal): Promise<void> {
    const resume = this.#lastId === null ? {} : { 'last-event-id': this.#lastId };
    const headers = { accept: 'text/event-stream', ...resume };
    const response = await fetch(url, { headers, signal: over });
    // A service that was told to stop says no, and is no longer said to be up.
    if (!response.ok) {
      const text = (await response.text()).slice(0, 500);
      throw new Error(`it was answered with ${response.status}: ${text}`);
    }
    this.connections++;
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const messages = (text + part).split('\n\n');
      // What isn't whole doesn't count: the service died in the middle of it.
      text = messages.pop()!;
      for (const message of messages) this.#take(message);
    }
  }

  #take(message: string): void {
    const fields = new Map(
      message.split('\n').map((line) => {
        const [name, ...value] = line.split(':');
        return [name!, value.join(':').replace(/^ /, '')];
      }),
    );
    const data = fields.get('data');
    this.#lastId = fields.get('id') ?? this.#lastId;
    // A message without data only says where to resume, or that the stream lives.
    if (data === undefined) return;
    const event = cloudEvent.safeParse(JSON.parse(data));
    if (event.success && event.data.id === fields.get('id')) this.events.push(event.data);
    else this.#findings.note(`the stream told what is no event: ${message.slice(0, 300)}`);
  }
}
