/** Why a fetch failed, in words: what went wrong on the way, or what the status says. */
import { errors } from 'undici';
import type { Headers } from './exchange.ts';
import { FetchError, type FetchErrorCode } from './fetch-error.ts';

const LONGEST_WAIT_SECONDS = 86_400;

const DNS = /^(ENOTFOUND|ENODATA|EAI_\w+)$/;
const TIMEOUT = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;
const RESET =
  /^(ECONNRESET|EPIPE|UND_ERR_(SOCKET|ABORTED|CLOSED|DESTROYED|RES_CONTENT_LENGTH_MISMATCH)|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/;

/** @param shown the URL without its secrets; @param error what the client threw. A bug is thrown on as it is. */
export function transportFailure(shown: string, error: unknown): FetchError {
  if (error instanceof FetchError) return error;
  const cause = error as NodeJS.ErrnoException;
  // The parser's own errors may come without a code.
  const code = cause?.code ?? (error instanceof errors.HTTPParserError ? 'HPE_INVALID' : null);
  if (typeof code !== 'string') throw error;
  const [kind, what, toDo] = onTheWay(code);
  return new FetchError(kind, { happened: `${shown}: ${what} (${code})`, toDo }, { cause });
}

function onTheWay(code: string): [FetchErrorCode, what: string, toDo: string] {
  if (DNS.test(code)) {
    return ['dns', 'the name could not be resolved', 'Check the name and DNS.'];
  }
  if (TIMEOUT.test(code)) {
    return ['timeout', 'the connection took too long', 'Check that the host is up and reachable.'];
  }
  if (RESET.test(code)) {
    return [
      'reset',
      'the answer broke off or was not HTTP',
      'Look at the host; it may work later.',
    ];
  }
  if (code.startsWith('Z_')) {
    return ['bad-encoding', 'the body is not the gzip it claims to be', 'Look at the host.'];
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return ['too-large', 'the headers are too long', 'Look at the host.'];
  }
  return ['connect', 'no connection could be made', 'Check the host, its port and certificate.'];
}

export function tooLargeFailure(shown: string, maxBytes: number): FetchError {
  return new FetchError('too-large', {
    happened: `${shown}: the answer is longer than ${maxBytes} bytes`,
    toDo: 'Check the URL.',
  });
}

const ENCODINGS = /^(gzip|br|deflate|zstd|compress)(, (gzip|br|deflate|zstd|compress))*$/;

/** @param encoding as the answer names it, in lower case; shown only where it is one, and not some secret it was sent. @param asked what was asked for instead */
export function encodingFailure(
  shown: string,
  encoding: string,
  asked: 'gzip' | 'identity',
): FetchError {
  const named = ENCODINGS.test(encoding) ? JSON.stringify(encoding) : 'something else';
  const only = asked === 'gzip' ? 'only gzip was asked for' : 'it was asked for unpacked';
  return new FetchError('bad-encoding', {
    happened: `${shown}: the answer came as ${named}, and ${only}`,
    toDo: 'Look at the host.',
  });
}

export function interimFailure(shown: string): FetchError {
  return new FetchError('reset', {
    happened: `${shown} sent one interim answer after another and no final one`,
    toDo: 'Look at the host.',
  });
}

export function timeoutFailure(shown: string, timeoutMs: number): FetchError {
  return new FetchError('timeout', {
    happened: `${shown}: no whole answer within ${timeoutMs} ms`,
    toDo: 'Check that the host is up and reachable.',
  });
}

export function silenceFailure(shown: string, silentMs: number): FetchError {
  return new FetchError('timeout', {
    happened: `${shown}: nothing to speak of came for ${silentMs} ms`,
    toDo: 'Check that the host is up and reachable.',
  });
}

/** Answers are kept and shown, credentials never: such a body is dropped. */
export function echoFailure(shown: string): FetchError {
  return new FetchError('echoed-credential', {
    happened: `${shown} answered with the very credential it was sent, and its answer was dropped`,
    toDo: 'Renew the credential and look at the host.',
  });
}

/** @param now ms; what a Retry-After date is counted from. @param body what came with the status, or null */
export function statusFailure(
  shown: string,
  { status, headers }: { status: number; headers: Headers },
  now: number,
  body: Buffer | null,
): FetchError {
  const answered = `${shown} answered with status ${status}`;
  if (status >= 300 && status < 400 && status !== 304) {
    const toDo = 'Redirects are not followed: give the final URL.';
    return new FetchError('redirect', { happened: answered, toDo }, { body, status });
  }
  if (status === 401 || status === 403) {
    const toDo = 'Configure a credential for this host, or renew the one there is.';
    return new FetchError('unauthorized', { happened: answered, toDo }, { body, status });
  }
  const retryAfterSeconds = retryAfter(headers['retry-after'], now);
  const wait = retryAfterSeconds ? ` and asks to be left alone for ${retryAfterSeconds} s` : '';
  const happened = answered + wait;
  const options = { body, status, retryAfterSeconds };
  if (status === 429) {
    return new FetchError('rate-limited', { happened, toDo: 'Ask less often.' }, options);
  }
  const toDo = status >= 500 ? 'It may work later.' : 'Check the URL.';
  return new FetchError('http-status', { happened, toDo }, options);
}

/** RFC 9110, section 10.2.3: seconds or a date. Null where it is neither; never more than a day. */
export function retryAfter(header: string | string[] | undefined, now: number): number | null {
  const text = [header].flat()[0]?.trim() ?? '';
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((date - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS);
}
