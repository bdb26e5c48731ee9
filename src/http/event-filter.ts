/** Which events are wanted: globs over their types and over the labels they are about. */
import { unfitProblem } from '../alert/event-types.ts';
import { labelsOf, type StoredEvent } from '../store/event.ts';
import { labelGlob } from '../store/label-glob.ts';
import { badRequest } from './problem.ts';

/**
 * Refuses a glob that fits no type: whoever waits for its events would take silence for calm.
 * @throws ProblemError bad-request
 */
export function refuseUnfit(globs: readonly string[], pathOf: (index: number) => string): void {
  const errors = globs.flatMap((glob, index) => {
    const message = unfitProblem(glob);
    return message === null ? [] : [{ path: pathOf(index), message }];
  });
  if (errors.length > 0) throw badRequest(errors);
}

/** Globs left out let all pass; an event that is about no label passes every glob over labels. */
export function eventFilter(type?: string, label?: string): (event: StoredEvent) => boolean {
  const types = type === undefined ? null : labelGlob(type);
  const labels = label === undefined ? null : labelGlob(label);
  return (event) => {
    if (types && !types.test(event.type)) return false;
    const about = labelsOf(event.data);
    return !labels || about === null || about.some(labels.test);
  };
}
