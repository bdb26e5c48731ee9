/** A client of server-sent events, as the HTML standard reads them. */
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import type { CloudEventJson } from '../../src/contract/event.ts';
import { Tally } from '../alert/tally.ts';

export interface Listening<E = CloudEventJson> {
  status: number;
  headers: IncomingMessage['headers'];
  events: Tally<{ id: string; event: E }>;
  /** Comments. */
  beats: Tally<string>;
  /** What a browser would send when it connects anew. */
  lastEventId: string;
  retry: number | null;
  /** Of what was received. */
  text: string;
  /** Takes nothing more, and leaves the connection open. */
  stall(): void;
  resume(): void;
  leave(): void;
  /** True where the service ended it properly. */
  ended: Promise<boolean>;
}

export async function listen<E = CloudEventJson>(
  url: string,
  headers: Record<string, string> = {},
): Promise<Listening<E>> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request: ClientRequest = get(url, { headers, agent: false }, resolve);
  request.on('error', reject);
  onTestFinished(() => void request.destroy());
  const answer = await promise;
  const ended = Promise.withResolvers<boolean>();
  const listening: Listening<E> = {
    status: answer.statusCode!,
    headers: answer.headers,
    events: new Tally(),
    beats: new Tally(),
    lastEventId: '',
    retry: null,
    text: '',
    stall: () => void answer.pause(),
    resume: () => void answer.resume(),
    leave: () => void request.destroy(),
    ended: ended.promise,
  };
  let rest = '';
  let idBuffer = '';
  answer.setEncoding('utf8').on('data', (text: string) => {
    listening.text += text;
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      let data = '';
      for (const line of block.split('\n')) {
        const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line)!;
        if (field === '') listening.beats.add(value);
        if (field === 'id') idBuffer = value;
        if (field === 'retry') listening.retry = Number(value);
        if (field === 'event') throw new Error('onmessage would not get it');
        if (field === 'data') data += value;
      }
      listening.lastEventId = idBuffer;
      if (data !== '') listening.events.add({ id: idBuffer, event: JSON.parse(data) });
    }
  });
  answer.on('error', () => ended.resolve(false));
  answer.on('close', () => ended.resolve(answer.complete));
  return listening;
}
