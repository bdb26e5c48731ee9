/** What goes on between the service and the rest of the world, so that a kill can strike amid it. */
import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.ts';

/** A read reached the hub; a batch of traces was sent; a delivery reached the receiver. */
export const MOMENTS = ['read', 'batch', 'delivery'] as const;
type Moment = (typeof MOMENTS)[number];

export class Moments extends EventEmitter<Record<Moment, []>> {}

/** When a life of the service ends; ms. */
export type Death =
  /** So long after its process was begun: most often before it is ready. */
  | { amid: 'start'; afterMs: number }
  /** It is asked to stop so long after it was ready, and killed a little later: it may be done by then. */
  | { amid: 'stop'; readyMs: number; afterMs: number }
  /** So long after it was ready, then at the next such moment, then a little later. */
  | { amid: Moment | 'anything'; readyMs: number; afterMs: number };

/** A moment that doesn't come must not let the service live on. */
const LONGEST_WAIT_MS = 1500;

/** @param startMs how long a start takes @param lifeMs the longest that it runs once it is ready */
export function drawDeath(random: Random, startMs: number, lifeMs: number): Death {
  const lot = random.next();
  if (lot < 0.5) return { amid: 'start', afterMs: random.between(0, Math.round(startMs * 1.1)) };
  // Just ready: what it does first, it does now.
  if (lot < 0.58) return { amid: 'anything', readyMs: random.between(0, 60), afterMs: 0 };
  const readyMs = random.between(0, lifeMs);
  if (lot < 0.65) return { amid: 'anything', readyMs, afterMs: 0 };
  if (lot < 0.72) return { amid: 'stop', readyMs, afterMs: random.between(0, 150) };
  return { amid: random.pick(MOMENTS), readyMs, afterMs: random.between(0, 12) };
}

/** Resolves when it is time to kill or to stop it, or `ended` aborts. @param ready resolves when the service is */
export async function untilDeath(
  death: Death,
  ready: Promise<unknown>,
  moments: Moments,
  ended: AbortSignal,
): Promise<void> {
  const wait = (ms: number) => pause(ms, undefined, { signal: ended });
  try {
    if (death.amid === 'start') return await wait(death.afterMs);
    await Promise.race([ready, once(ended, 'abort')]);
    await wait(death.readyMs);
    if (death.amid === 'stop') return;
    if (death.amid !== 'anything') await nextOf(death.amid, moments, ended);
    await wait(death.afterMs);
  } catch (error) {
    if (!ended.aborted) throw error;
  }
}

async function nextOf(moment: Moment, moments: Moments, ended: AbortSignal): Promise<void> {
  const late = AbortSignal.timeout(LONGEST_WAIT_MS);
  const signal = AbortSignal.any([late, ended]);
  await once(moments, moment, { signal }).catch((error) => {
    if (!late.aborted) throw error;
  });
}
