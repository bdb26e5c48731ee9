/** Which traces a hold keeps, in words. */
import type { HoldJson } from '../contract/hold.ts';
import { clock, clocks } from './words.ts';

/** `all of them`, `begun from … on`, `begun before …`, `begun from … to …`. */
export function heldText({ from, to }: Pick<HoldJson, 'from' | 'to'>): string {
  if (from !== null && to !== null) return `begun from ${clocks(from, to, ' to ')}`;
  if (from !== null) return `begun from ${clock(from)} on`;
  return to === null ? 'all of them' : `begun before ${clock(to)}`;
}
