/** How a place in a request is named: `traces[3].startedAt`. */
import type { z } from 'zod';

export interface FieldError {
  path: string;
  message: string;
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i ? '.' : ''}${String(part)}`))
    .join('');
}

/** What is wrong, a field each; an unknown field is named itself, and of a union the closest reading counts. */
export function fieldErrors(error: z.ZodError, at: readonly PropertyKey[] = []): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: formatPath([...path, key]),
        message: 'unknown field; nothing of the request was used',
      }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      return closest(issue.errors).map((inner) => ({
        path: formatPath([...path, ...inner.path]),
        message: inner.message,
      }));
    }
    return [{ path: formatPath(path), message: issue.message }];
  });
}

type Issue = z.core.$ZodIssue;

/** The alternative that was probably meant: the one with the fewest complaints about unknown or missing fields. */
function closest(alternatives: Issue[][]): { path: PropertyKey[]; message: string }[] {
  const flat = alternatives.map((issues) =>
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown field' }))
        : [{ path: [...issue.path], message: issue.message }],
    ),
  );
  return flat.reduce((best, one) => (one.length < best.length ? one : best));
}
