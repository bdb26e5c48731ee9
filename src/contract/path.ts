/** How a place in a request is named: `traces[3].startedAt`. */
import type { z } from 'zod';

export interface FieldError {
  path: string;
  message: string;
}

const UNKNOWN = 'unknown field; correct its name or leave it out';

export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i ? '.' : ''}${String(part)}`))
    .join('');
}

/** What is wrong, a field each; an unknown field is named itself, and of a union the closest reading counts. */
export function fieldErrors(error: z.ZodError, at: readonly PropertyKey[] = []): FieldError[] {
  return complaintsOf(error.issues).map(({ path, message }) => ({
    path: formatPath([...at, ...path]),
    message,
  }));
}

interface Complaint {
  path: PropertyKey[];
  message: string;
}

function complaintsOf(issues: readonly z.core.$ZodIssue[]): Complaint[] {
  return issues.flatMap((issue): Complaint[] => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: UNKNOWN }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const meant = closest(issue.errors.map(complaintsOf));
      return meant.map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
    }
    return [{ path, message }];
  });
}

/** The alternative that was probably meant: the one that knows most of the fields; of those, the one with the fewest complaints. */
function closest(alternatives: Complaint[][]): Complaint[] {
  const unknown = (complaints: Complaint[]) =>
    complaints.filter(({ message }) => message === UNKNOWN).length;
  return alternatives.reduce((best, one) => {
    const further = unknown(one) - unknown(best) || one.length - best.length;
    return further < 0 ? one : best;
  });
}
