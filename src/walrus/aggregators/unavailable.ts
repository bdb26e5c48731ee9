/** Why the bytes of a blob could not be had from one aggregator, in the words of verification. */
import { FetchError } from '../../fetch/fetch-error.ts';
import { EncodeError, type EncodeErrorCode } from '../encoder/encode-error.ts';
import type { VerificationCode } from '../verification.ts';
import { SpoolError } from './spool.ts';

export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly code: VerificationCode;
  /** Seconds the aggregator asks to be left alone for. */
  readonly retryAfterSeconds: number | null;

  /** @param message what happened and what to do */
  constructor(
    code: VerificationCode,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | null } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** What follows from each, and what to do. */
const TO_DO = {
  'not-found':
    'It may be too new for a cache on the way, its storage may have ended, or it was never there; other aggregators may have it.',
  blocked: 'Another aggregator may serve it.',
  forbidden:
    'It may be longer than this aggregator serves; if it asks for a credential, configure one for its host.',
  'rate-limited': 'Ask it less often, or configure an aggregator of your own.',
  'server-error': 'Too few storage nodes may answer just now; it may work later.',
  'http-status': 'Check the address of the aggregator.',
  'too-large': 'Its Blob ID stays unverified here; raise the limit if it is meant to be fetched.',
  spool: 'Free some space, or give another spool folder. Nothing is known of the bytes.',
} satisfies Partial<Record<VerificationCode, string>>;

const BY_STATUS: Record<number, keyof typeof TO_DO> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'not-found',
  413: 'forbidden',
  429: 'rate-limited',
  451: 'blocked',
};

/** @param maxBytes so many are fetched. What is no failure of fetching or keeping is thrown on. */
export function unavailable(error: unknown, maxBytes: number): Unavailable {
  if (error instanceof Unavailable) return error;
  if (error instanceof SpoolError) {
    const message = `The bytes could not be kept: ${error.message}. ${TO_DO.spool}`;
    return new Unavailable('spool', message, { cause: error });
  }
  if (!(error instanceof FetchError)) throw error;
  const { retryAfterSeconds } = error;
  const options = { cause: error, retryAfterSeconds };
  if (error.code === 'too-large') return tooLarge(maxBytes, options);
  const code = codeOf(error);
  if (error.status === null || code === 'redirect') {
    return new Unavailable(code, error.message, options);
  }
  const toDo = code in TO_DO ? TO_DO[code as keyof typeof TO_DO] : error.toDo;
  return new Unavailable(code, `${error.happened}.${saidIn(error.body)} ${toDo}`, options);
}

export function noAggregator(): Unavailable {
  const message =
    'No aggregator is configured, so no bytes can be fetched and nothing is verified. Configure at least one.';
  return new Unavailable('no-aggregator', message);
}

/** @param file where the bytes lie: not for others to see */
export function notEncoded(error: unknown, file: string): Unavailable {
  const code = error instanceof EncodeError ? BY_ENCODER[error.code] : 'encoder';
  const said = error instanceof Error ? error.message : String(error);
  const what = said.replaceAll(file, 'The file that they lie in');
  return new Unavailable(code, `The bytes came, and nothing is known of them. ${what}`, {
    cause: error,
  });
}

const BY_ENCODER = {
  'too-large': 'too-large',
  shards: 'encoder',
  unreadable: 'spool',
  changed: 'spool',
  encoder: 'encoder',
  closed: 'encoder',
} satisfies Record<EncodeErrorCode, VerificationCode>;

export function tooLarge(maxBytes: number, options: { cause?: unknown } = {}): Unavailable {
  const message = `The blob is served with more than the ${maxBytes} bytes that are fetched here. ${TO_DO['too-large']}`;
  return new Unavailable('too-large', message, options);
}

function codeOf({ code, status }: FetchError): VerificationCode {
  if (status !== null && code !== 'redirect') {
    return BY_STATUS[status] ?? (status >= 500 ? 'server-error' : 'http-status');
  }
  switch (code) {
    case 'file':
    case 'echoed-credential':
    case 'unauthorized':
      return 'forbidden';
    case 'rate-limited':
    case 'dns':
    case 'connect':
    case 'reset':
    case 'timeout':
    case 'redirect':
    case 'refused-address':
    case 'bad-encoding':
    case 'too-large':
    case 'http-status':
      return code;
  }
}

const MOST_SAID = 160;

/** What an aggregator says of its refusal (`error.message`) is for people, and anybody's words. */
function saidIn(body: Buffer | null): string {
  const said = messageIn(body);
  if (said === null) return '';
  const start = said.slice(0, MOST_SAID).toWellFormed().replace(/\p{C}/gu, '\ufffd');
  return ` It says: ${JSON.stringify(said.length > MOST_SAID ? `${start}…` : start)}.`;
}

function messageIn(body: Buffer | null): string | null {
  try {
    const said: unknown = JSON.parse(body?.toString() ?? '');
    const { error } = said as { error?: { message?: unknown } };
    return typeof error?.message === 'string' && error.message !== '' ? error.message : null;
  } catch {
    return null;
  }
}
