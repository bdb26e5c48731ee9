/** Why a full node gave no answer that can be used, in words; from what fetching, HTTP and gRPC say. */
import { RpcError } from '@mysten/sui/grpc';
import { shownUrl } from '../../fetch/address.ts';
import { FetchError, type FetchErrorCode } from '../../fetch/fetch-error.ts';
import { retryAfter } from '../../fetch/fetch-failure.ts';
import { ChainError, type ChainErrorCode, quotedShort } from './chain-error.ts';
import type { ChainLimits } from './chain-limits.ts';
import { retryInfoSeconds } from './retry-info.ts';
import { OverlongAnswer } from './whole-fetch.ts';

/** Passes through the gRPC client as it is: it makes errors of its own out of all but its own. */
export class NotDelivered extends RpcError {
  readonly failure: ChainError;

  constructor(failure: ChainError) {
    super(failure.message, 'UNAVAILABLE');
    this.failure = failure;
  }
}

const IT_MAY_WORK_LATER = 'It may work later.';
const CHECK_THE_URL = 'Check that the URL is that of a Sui full node which speaks gRPC-web.';
const ASK_LESS = 'Give it fewer blobs to watch, or a full node with a higher limit.';
const GIVE_ANOTHER = 'Configure its key, or another full node.';

const OF_FETCHING: Partial<Record<FetchErrorCode, ChainErrorCode>> = {
  timeout: 'timeout',
  'refused-address': 'refused-address',
  'too-large': 'too-large',
  'rate-limited': 'rate-limited',
  unauthorized: 'unauthorized',
  dns: 'unreachable',
  connect: 'unreachable',
  reset: 'unreachable',
};

/** @param shown the node @param url that was asked @param error what `fetch` threw, or reading the body did */
export function deliveryFailure(
  shown: string,
  url: URL,
  error: unknown,
  { maxAnswerBytes, timeoutMs }: Pick<ChainLimits, 'maxAnswerBytes' | 'timeoutMs'>,
): ChainError {
  const cause = error instanceof TypeError && error.cause ? error.cause : error;
  if (cause instanceof FetchError) {
    const { toDo, retryAfterSeconds } = cause;
    const happened = cause.happened.replaceAll(shownUrl(url), shown);
    const code = OF_FETCHING[cause.code] ?? 'bad-answer';
    return new ChainError(code, { happened, toDo }, { cause, retryAfterSeconds });
  }
  if (cause instanceof OverlongAnswer) {
    const happened = `${shown}: the answer is longer than ${maxAnswerBytes} bytes`;
    return new ChainError('too-large', { happened, toDo: CHECK_THE_URL }, { cause });
  }
  if (nameOf(cause) === 'TimeoutError') {
    const happened = `${shown}: no whole answer within ${timeoutMs} ms`;
    return new ChainError('timeout', { happened, toDo: IT_MAY_WORK_LATER }, { cause });
  }
  const { code } = cause as NodeJS.ErrnoException;
  const happened = `${shown} could not be reached${typeof code === 'string' ? ` (${code})` : ''}`;
  const toDo = 'Check that the full node is up and reachable.';
  return new ChainError('unreachable', { happened, toDo }, { cause });
}

/** What the HTTP status alone says; null where gRPC's own is to be read. */
export function answeredFailure(shown: string, response: Response, now: number): ChainError | null {
  const { status, headers } = response;
  if (response.ok || headers.has('grpc-status')) return null;
  const happened = `${shown} answered with status ${status}`;
  if (status === 429) {
    const retryAfterSeconds = retryAfter(headers.get('retry-after') ?? undefined, now);
    return new ChainError('rate-limited', { happened, toDo: ASK_LESS }, { retryAfterSeconds });
  }
  if (status === 401 || status === 403) {
    return new ChainError('unauthorized', { happened, toDo: GIVE_ANOTHER });
  }
  if (status >= 500) return new ChainError('unreachable', { happened, toDo: IT_MAY_WORK_LATER });
  return new ChainError('bad-answer', { happened, toDo: CHECK_THE_URL });
}

const OF_STATUS: Record<string, [ChainErrorCode, toDo: string]> = {
  RESOURCE_EXHAUSTED: ['rate-limited', ASK_LESS],
  UNAVAILABLE: ['unreachable', IT_MAY_WORK_LATER],
  DEADLINE_EXCEEDED: ['timeout', IT_MAY_WORK_LATER],
  UNAUTHENTICATED: ['unauthorized', GIVE_ANOTHER],
  PERMISSION_DENIED: ['unauthorized', GIVE_ANOTHER],
};

/** @param error what the gRPC or the Walrus client threw */
export function saidFailure(shown: string, error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  if (error instanceof NotDelivered) return error.failure;
  if (error instanceof RpcError) {
    const [code, toDo] = OF_STATUS[error.code] ?? ['bad-answer', CHECK_THE_URL];
    const happened = `${shown} answered ${error.code}: ${quotedShort(error.message)}`;
    const retryAfterSeconds = code === 'rate-limited' ? retrySeconds(error) : null;
    return new ChainError(code, { happened, toDo }, { cause: error, retryAfterSeconds });
  }
  const what = error instanceof Error ? error.message : String(error);
  const happened = `${shown}: the answer could not be read: ${quotedShort(what)}`;
  return new ChainError('bad-answer', { happened, toDo: CHECK_THE_URL }, { cause: error });
}

function retrySeconds({ meta }: RpcError): number | null {
  const [details] = [meta['grpc-status-details-bin']].flat();
  return typeof details === 'string' ? retryInfoSeconds(details) : null;
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined;
}
