/**
 * The body of an answer, made as the client takes it: the next part only once it has the last. A
 * client that takes nothing for a minute is dropped, so that nothing is held for it.
 */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Clock } from '../watch/clock.ts';
import type { LargeParts } from './large-parts.ts';

export const STALLED_MS = 60_000;

export interface Parts {
  /** The next part, or null after the last. */
  next(): Promise<Uint8Array | null>;
  /** Called once, however it ends; a `next` that is waited for then gives null. */
  end(): void;
}

interface Means {
  clock: Pick<Clock, 'after'>;
  /** Told where a part could not be made. */
  onError: (error: unknown) => void;
  /** Ends the body after the part that is being taken; without it, it goes on to its own end. */
  signal?: AbortSignal;
  /** Breaks the body off, so that nobody takes what came of it for the whole. */
  cut?: AbortSignal;
  /** What long parts take until they are taken; without it, nobody counts. */
  room?: LargeParts;
}

export function pulledBody(c: Context, parts: Parts, means: Means): ReadableStream<Uint8Array> {
  const { clock, onError, signal, cut, room } = means;
  let held = 0;
  const hold = (bytes: number) => {
    room?.give(held);
    held = 0;
    if (room && !room.take(bytes)) return false;
    held = bytes;
    return true;
  };
  let isAsked = false;
  let ended = false;
  let isLeft = false;
  const end = () => {
    if (ended) return;
    ended = true;
    cancelDrop();
    signal?.removeEventListener('abort', stop);
    cut?.removeEventListener('abort', drop);
    hold(0);
    parts.end();
  };
  const drop = () => {
    end();
    // The status is sent; an end of the body would look whole, or wait for the client to take the rest.
    (c.env as Partial<HttpBindings> | undefined)?.outgoing?.destroy();
  };
  const stop = () => (isAsked ? end() : drop());
  let cancelDrop = clock.after(STALLED_MS, drop);
  signal?.addEventListener('abort', stop);
  cut?.addEventListener('abort', drop);

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    cancelDrop();
    // The one before has been taken.
    hold(0);
    isAsked = true;
    const part = await parts.next();
    isAsked = false;
    if (isLeft) return;
    if (part === null || ended) {
      end();
      controller.close();
    } else if (!hold(part.length)) {
      drop();
    } else {
      controller.enqueue(part);
      cancelDrop = clock.after(STALLED_MS, drop);
    }
  }
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        pull(controller).catch((error: unknown) => {
          // Nobody is there to be told of an error of a body that nobody takes.
          if (!ended) onError(error);
          drop();
        }),
      cancel() {
        isLeft = true;
        end();
      },
    },
    // Nothing is made ahead: what waits for a slow client waits where it is kept.
    { highWaterMark: 0 },
  );
}
