/** The types of events, and whether a glob over them fits any. */
import { z } from 'zod';
import { cloudEvent } from '../contract/event.ts';
import { labelGlob } from '../store/label-glob.ts';

export const EVENT_TYPES: readonly string[] = cloudEvent.options.flatMap(({ shape: { type } }) =>
  type instanceof z.ZodEnum ? type.options : [...type.values],
);

/** Whoever waits for events of a type that there isn't would take silence for calm. @returns what is wrong, or null */
export function unfitProblem(glob: string): string | null {
  const { test } = labelGlob(glob);
  if (EVENT_TYPES.some(test)) return null;
  return `fits no type of event; there are ${EVENT_TYPES.join(', ')}`;
}
