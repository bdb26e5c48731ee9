/** Why Sui or the storage nodes could not be asked, or said nothing that can be used. */
export type ChainErrorCode =
  /** No answer: no connection, it broke off, or the other side is down. */
  | 'unreachable'
  | 'timeout'
  /** It asks to be asked less; until then it isn't asked at all. */
  | 'rate-limited'
  /** The full node wants a key, or not us. */
  | 'unauthorized'
  /** Not an address that may be fetched. */
  | 'refused-address'
  /** Longer than is read here. */
  | 'too-large'
  /** Not gRPC-web, broken, or saying what can't be. */
  | 'bad-answer'
  /** Walrus's system object isn't there: another network than the one configured. */
  | 'wrong-network'
  /** Not an object id. */
  | 'bad-object-id'
  /** The object is none that stands for a blob. */
  | 'wrong-type'
  /** The object stands for another blob. */
  | 'other-blob'
  /** The storage nodes contradict each other. */
  | 'no-agreement'
  /** The epoch changed under the reading, time and again. */
  | 'epoch-changed';

/** `message` says what happened and what to do; no user or query of a URL is in it. */
export class ChainError extends Error {
  override name = 'ChainError';
  readonly code: ChainErrorCode;
  /** One clause without a full stop: '… could not be reached'. */
  readonly happened: string;
  /** Whole sentences. */
  readonly toDo: string;
  /** Seconds the other side asks to be left alone for. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ChainErrorCode,
    { happened, toDo }: { happened: string; toDo: string },
    options: { cause?: unknown; retryAfterSeconds?: number | null } = {},
  ) {
    super(`${happened}. ${toDo}`, { cause: options.cause });
    this.code = code;
    this.happened = happened;
    this.toDo = toDo;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

const LONGEST_QUOTED = 120;

/** Text from outside as messages show it. */
export function quotedShort(text: string): string {
  const short = text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…` : text;
  return JSON.stringify(short);
}
