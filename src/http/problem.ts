/** Every error as RFC 9457 problem details. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type FieldError, fieldErrors } from '../contract/path.ts';
import type { Problem } from '../contract/problem.ts';
import type { DiffErrorCode } from '../diff/errors.ts';
import type { DiffDeskErrorCode } from '../diff-desk/diff-desk-error.ts';
import { StoreError, type StoreErrorCode } from '../store/errors.ts';

export type ProblemCode =
  | StoreErrorCode
  | 'bad-request'
  | 'not-json'
  | 'too-deep'
  | 'too-large'
  | 'stalled'
  | 'overloaded'
  | 'unsupported-media-type'
  | 'unauthorized'
  | 'forbidden'
  | 'foreign-host'
  | 'not-found'
  | 'method-not-allowed'
  | 'nothing-to-read'
  | 'read-dropped'
  | 'stopping'
  | 'not-ready'
  | 'channel-disabled'
  | 'backup-running'
  | 'too-many-streams'
  | 'unknown-diff'
  | DiffErrorCode
  | DiffDeskErrorCode
  | 'internal';

const STATUS: Record<ProblemCode, [ContentfulStatusCode, string]> = {
  'bad-request': [400, 'The request is not right'],
  'bad-times': [400, 'The times are not right'],
  'bad-cursor': [400, 'The cursor is not right'],
  'not-json': [400, 'The body is not JSON'],
  'too-deep': [400, 'The body is nested too deep'],
  unauthorized: [401, 'A key is needed'],
  forbidden: [403, 'The key may not do this'],
  'foreign-host': [403, 'The request comes from elsewhere'],
  'not-found': [404, 'There is no such thing'],
  'unknown-label': [404, 'There is no such label'],
  'unknown-channel': [404, 'There is no such channel'],
  'unknown-delivery': [404, 'There is no such delivery'],
  'unknown-diff': [404, 'There is no such diff'],
  'method-not-allowed': [405, 'This can not be done here'],
  'source-changed': [409, 'The label has readings of another source'],
  'before-newest': [409, 'The reading is older than the newest'],
  overlap: [409, 'The reading overlaps another'],
  'not-push': [409, 'The label is not pushed to'],
  'nothing-to-read': [409, 'There is nothing to read'],
  'read-dropped': [409, 'The reading was dropped'],
  'channel-disabled': [409, 'The channel is disabled'],
  'backup-running': [409, 'A backup is being taken'],
  'several-artifacts': [409, 'Several artifacts are mixed'],
  stalled: [408, 'The body stopped coming'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body is of another kind'],
  'diff-too-large': [422, 'The diff is too large'],
  overloaded: [429, 'There is too much to be stored'],
  full: [503, 'The disk is full'],
  stopping: [503, 'The service is stopping'],
  'not-ready': [503, 'The service can not say that all is well'],
  'too-many-streams': [503, 'There are too many streams'],
  'diff-busy': [503, 'Too many diffs are waiting'],
  'diff-too-slow': [503, 'The diff took too long'],
  'diff-failed': [500, 'The diff broke off'],
  'in-use': [500, 'The data folder is in use'],
  'newer-database': [500, 'The database is newer'],
  internal: [500, 'Something broke inside Underlabel'],
};

/** Thrown anywhere in a handler; answered as it says. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;
  /** Members of the answer that only this problem has. */
  readonly more: object;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      errors?: FieldError[];
      headers?: Record<string, string>;
      more?: object;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.more = options.more ?? {};
  }
}

/** What an error is to the outside. One that nobody foresaw says no more than that. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof StoreError) {
    const errors = error.path ? [{ path: error.path, message: error.message }] : [];
    return new ProblemError(error.code, error.message, { errors, cause: error });
  }
  if (error instanceof z.ZodError) return badRequest(fieldErrors(error));
  const detail = 'it was logged; nothing of this request is known to be stored';
  return new ProblemError('internal', detail, { cause: error });
}

export function statusOf({ code }: ProblemError): number {
  return STATUS[code][0];
}

export function titleOf({ code }: ProblemError): string {
  return STATUS[code][1];
}

export function badRequest(errors: FieldError[]): ProblemError {
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return new ProblemError('bad-request', detail.join('; '), { errors });
}

export function problemResponse(problem: ProblemError): Response {
  const [status, title] = STATUS[problem.code];
  const body: Problem = {
    type: `urn:underlabel:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...problem.more,
  };
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', ...problem.headers },
  });
}
