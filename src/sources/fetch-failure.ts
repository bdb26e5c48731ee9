/** Why a fetch failed, in words: what went wrong on the way, or what the status says. */
import { type Dispatcher, errors } from 'undici';
import { BodyProblem } from './body.ts';
import { SourceError, type SourceErrorCode } from './source.ts';

type Options = { cause?: unknown; retryAfterSeconds?: number | null };
/** Makes the error; the transcript's, so that what was said is kept. */
export type Fail = (code: SourceErrorCode, message: string, options?: Options) => SourceError;

const NOTHING_LEARNT = 'so this reading says nothing about the label';
const LONGEST_WAIT_SECONDS = 86_400;

const DNS = /^(ENOTFOUND|ENODATA|EAI_\w+)$/;
const TIMEOUT = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;
const RESET =
  /^(ECONNRESET|EPIPE|UND_ERR_(SOCKET|ABORTED|CLOSED|DESTROYED|RES_CONTENT_LENGTH_MISMATCH)|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

/** @param shown the URL without its secrets; @param error what the client threw. A bug is thrown on as it is. */
export function transportFailure(shown: string, error: unknown, fail: Fail): SourceError {
  if (error instanceof SourceError) return error;
  if (error instanceof BodyProblem) return bodyFailure(shown, error, fail);
  const cause = error as NodeJS.ErrnoException;
  // The parser's own errors may come without a code.
  const code = cause?.code ?? (error instanceof errors.HTTPParserError ? 'HPE_INVALID' : null);
  if (typeof code !== 'string') throw error;
  const say = (kind: SourceErrorCode, happened: string, toDo: string) =>
    fail(kind, `${shown}: ${happened} (${code}), ${NOTHING_LEARNT}. ${toDo}`, { cause });
  if (DNS.test(code))
    return say('dns', 'the name could not be resolved', 'Check the name and DNS.');
  if (TIMEOUT.test(code)) {
    return say(
      'timeout',
      'the connection took too long',
      'Check that the host is up and reachable.',
    );
  }
  if (RESET.test(code)) {
    return say('reset', 'the answer broke off or was not HTTP', 'The next reading asks again.');
  }
  if (code.startsWith('Z_')) {
    return say('not-json', 'the body is not the gzip it claims to be', 'Look at the source.');
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return say('too-large', 'the headers are too long', 'Look at the source.');
  }
  return say('connect', 'no connection could be made', 'Check the host, its port and certificate.');
}

function bodyFailure(shown: string, problem: BodyProblem, fail: Fail): SourceError {
  return problem.code === 'too-large'
    ? fail(
        'too-large',
        `${shown}: the answer ${problem.message}, ${NOTHING_LEARNT}. Check the URL.`,
      )
    : fail(
        'not-json',
        `${shown}: the answer ${problem.message}, which was not asked for (gzip was), ${NOTHING_LEARNT}.`,
      );
}

export function timeoutFailure(shown: string, timeoutMs: number, fail: Fail): SourceError {
  return fail(
    'timeout',
    `${shown}: no whole answer within ${timeoutMs} ms, ${NOTHING_LEARNT}. Check that the host is up and reachable.`,
  );
}

/** @param now ms; what a Retry-After date is counted from */
export function statusFailure(
  shown: string,
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  now: number,
  fail: Fail,
): SourceError {
  const answered = `${shown} answered with status ${status}, ${NOTHING_LEARNT}.`;
  if (status >= 300 && status < 400 && status !== 304) {
    return fail('redirect', `${answered} Redirects are not followed: give the final URL.`);
  }
  if (status === 401 || status === 403) {
    const toDo = 'Configure a credential for this host, or renew the one there is.';
    return fail('unauthorized', `${answered} ${toDo}`);
  }
  const retryAfterSeconds = retryAfter(headers['retry-after'], now);
  const wait =
    retryAfterSeconds === null ? '' : ` It asks to be left alone for ${retryAfterSeconds} s.`;
  if (status === 429) {
    const toDo = 'Read this label less often.';
    return fail('rate-limited', `${answered}${wait} ${toDo}`, { retryAfterSeconds });
  }
  const toDo = status >= 500 ? 'The next reading asks again.' : 'Check the URL.';
  return fail('http-status', `${answered}${wait} ${toDo}`, { retryAfterSeconds });
}

/** RFC 9110, section 10.2.3: seconds or a date. Null where it is neither; never more than a day. */
export function retryAfter(header: string | string[] | undefined, now: number): number | null {
  const text = [header].flat()[0]?.trim() ?? '';
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((date - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS);
}
