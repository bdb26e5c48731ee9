/** Server-sent events out of a stream of bytes, as the HTML standard reads them. */
import { CommandError } from './exit.ts';
import { linesOf } from './ndjson.ts';

/** More than any trace has. */
const MAX_LINE_BYTES = 64 * 2 ** 20;

export interface ServerSent {
  /** Where to resume: of this event, or of those that were passed over. Null where it wasn't said. */
  id: string | null;
  /** Null where nothing was told, as in a heartbeat. */
  data: string | null;
  /** How long to wait before the next connection, ms; null where it wasn't said. */
  retryMs: number | null;
}

/** @throws CommandError `foreign-answer` where an event is larger than any of ours */
export async function* serverSent(parts: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSent> {
  let event: ServerSent = { id: null, data: null, retryMs: null };
  for await (const { text } of linesOf(parts, MAX_LINE_BYTES)) {
    if (text === null) {
      const why = 'the stream holds an event that is too long, or no UTF-8';
      throw new CommandError('foreign-answer', `${why}. It is no stream of Underlabel's.`);
    }
    if (text !== '') {
      event = taken(event, text);
      continue;
    }
    yield event;
    event = { id: null, data: null, retryMs: null };
  }
}

function taken(event: ServerSent, line: string): ServerSent {
  const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
  switch (field) {
    case 'id':
      return { ...event, id: value };
    case 'data':
      return { ...event, data: event.data === null ? value : `${event.data}\n${value}` };
    case 'retry':
      return /^\d{1,9}$/.test(value) ? { ...event, retryMs: Number(value) } : event;
    default:
      return event;
  }
}
