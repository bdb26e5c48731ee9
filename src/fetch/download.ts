/**
 * An answer too long to hold: its body is handed on piece by piece, and not read faster than the
 * pieces are taken.
 */
import type { Dispatcher } from 'undici';
import { shownUrl } from './address.ts';
import { encodingOf } from './body.ts';
import { type DownloadHead, downloadHead } from './download-head.ts';
import { EchoWatch } from './echo.ts';
import { type Headers, MOST_INTERIM, type Question, wasClosedUnused } from './exchange.ts';
import {
  echoFailure,
  encodingFailure,
  interimFailure,
  silenceFailure,
  statusFailure,
  timeoutFailure,
  tooLargeFailure,
  transportFailure,
} from './fetch-failure.ts';
import { Pieces } from './pieces.ts';
import { type Patience, SilenceTimer } from './silence.ts';

export interface Downloaded extends DownloadHead {
  /** How many bytes of the body were handed on. */
  bytes: number;
}

export interface DownloadBounds extends Patience {
  signal: AbortSignal;
  /** For the whole of the answer, connecting included. */
  timeoutMs: number;
  /** Of the body. */
  maxBytes: number;
  /** What lies past `maxBytes` is dropped, and the answer counts as whole. */
  cutAtMax: boolean;
  /** Besides 200, and 206 where a range was asked for. */
  accepted: (status: number) => boolean;
  /** The credential that was sent; must not come back. */
  bearer: string | null;
  onHead: (head: DownloadHead) => void | Promise<void>;
  onChunk: (chunk: Buffer) => void | Promise<void>;
  now: () => number;
}

/** What is read of an answer that was not hoped for: its error text. */
const MOST_SAID_BYTES = 4096;

/** Settles once the last piece was taken. Rejects with what `onHead` or `onChunk` threw, as it is. */
export function download(
  client: Dispatcher,
  question: Question,
  bounds: DownloadBounds,
): Promise<Downloaded> {
  return new Promise((resolve, reject) => {
    new Download(client, question, bounds, resolve, reject).begin();
  });
}

class Download implements Dispatcher.DispatchHandler {
  readonly #client: Dispatcher;
  readonly #question: Question;
  readonly #shown: string;
  readonly #bounds: DownloadBounds;
  readonly #resolve: (downloaded: Downloaded) => void;
  readonly #reject: (error: unknown) => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #silence: SilenceTimer;
  readonly #echo: EchoWatch;
  readonly #pieces: Pieces;
  #controller: Dispatcher.DispatchController | null = null;
  /** Nothing more of the answer counts. */
  #ended = false;
  /** Null while nothing went wrong. */
  #why: unknown = null;
  #askedAgain = false;
  #interim = 0;
  #head: DownloadHead | null = null;
  /** Null where the status is one that was hoped for. */
  #refusal: { status: number; headers: Headers; said: Buffer[] } | null = null;
  #bytes = 0;

  constructor(
    client: Dispatcher,
    question: Question,
    bounds: DownloadBounds,
    resolve: (downloaded: Downloaded) => void,
    reject: (error: unknown) => void,
  ) {
    this.#client = client;
    this.#question = question;
    this.#shown = shownUrl(question.url);
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#echo = new EchoWatch(bounds.bearer);
    this.#pieces = new Pieces(this.#allTaken, this.#takeFailed);
    const { timeoutMs } = bounds;
    const outOfTime = () => this.#breakOff(timeoutFailure(this.#shown, timeoutMs));
    this.#deadline = setTimeout(outOfTime, timeoutMs);
    this.#silence = new SilenceTimer(bounds, (ms) =>
      this.#breakOff(silenceFailure(this.#shown, ms)),
    );
    bounds.signal.addEventListener('abort', this.#aborted);
  }

  begin(): void {
    const { url, method, headers, body } = this.#question;
    const path = url.pathname + url.search;
    try {
      this.#client.dispatch({ origin: url.origin, path, method, headers, body }, this);
    } catch (error) {
      this.#end(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection longer than anybody waited for it.
    if (this.#ended) this.#hangUp();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
  ): void {
    if (this.#ended) return;
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MOST_INTERIM) this.#breakOff(interimFailure(this.#shown));
      return;
    }
    this.#silence.headCame();
    this.#head = downloadHead(status, headers, this.#bounds);
    if (status !== 200 && !this.#bounds.accepted(status)) {
      this.#refusal = { status, headers, said: [] };
      return;
    }
    const encoding = encodingOf(headers);
    if (encoding !== null) {
      this.#breakOff(encodingFailure(this.#shown, encoding, 'identity'));
      return;
    }
    const { maxBytes, cutAtMax, onHead } = this.#bounds;
    if ((this.#head.contentLength ?? 0) > maxBytes && !cutAtMax) {
      this.#breakOff(tooLargeFailure(this.#shown, maxBytes));
      return;
    }
    const head = this.#head;
    this.#give(() => onHead(head));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    const echoed = this.#echo.found(chunk);
    if (this.#refusal) this.#heardRefusal(this.#refusal, chunk, echoed);
    else if (echoed) this.#breakOff(echoFailure(this.#shown));
    else this.#heard(chunk);
  }

  #heard(chunk: Buffer): void {
    this.#silence.heard(chunk.length);
    const { maxBytes, cutAtMax, onChunk } = this.#bounds;
    const room = maxBytes - this.#bytes;
    if (chunk.length > room && !cutAtMax) {
      this.#breakOff(tooLargeFailure(this.#shown, maxBytes));
      return;
    }
    const piece = chunk.subarray(0, room);
    this.#bytes += piece.length;
    if (piece.length > 0) this.#give(() => onChunk(piece));
    if (cutAtMax && this.#bytes === maxBytes && this.#head?.contentLength !== maxBytes)
      this.#breakOff(null);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#ended && !this.#head && !this.#askedAgain && wasClosedUnused(error)) {
      this.#askedAgain = true;
      this.#controller = null;
      this.begin();
    } else {
      this.#end(error);
    }
  }

  readonly #aborted = (): void => {
    this.#refusal = null;
    this.#breakOff(new CallersOwn(this.#bounds.signal.reason));
  };

  /** An error text that holds the credential is dropped; the status says it all. */
  #heardRefusal(refusal: { said: Buffer[] }, chunk: Buffer, echoed: boolean): void {
    refusal.said.push(chunk);
    this.#bytes += chunk.length;
    if (echoed) refusal.said = [];
    if (echoed || this.#bytes > MOST_SAID_BYTES) this.#breakOff(null);
  }

  #give(take: () => void | Promise<void>): void {
    if (this.#pieces.idle) {
      this.#controller?.pause();
      this.#silence.stop();
    }
    this.#pieces.give(take);
  }

  readonly #allTaken = (): void => {
    if (this.#ended) return;
    this.#silence.goOn();
    this.#controller?.resume();
  };

  readonly #takeFailed = (error: unknown): void => {
    if (this.#ended) this.#why ??= new CallersOwn(error);
    else this.#breakOff(new CallersOwn(error));
  };

  #breakOff(why: unknown): void {
    this.#end(why);
    this.#hangUp();
  }

  #hangUp(): void {
    this.#controller?.abort(new Error('the rest is not wanted'));
  }

  /** @param why null where the answer is whole, or nothing more of it is wanted */
  #end(why: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#why = why;
    clearTimeout(this.#deadline);
    this.#silence.stop();
    this.#bounds.signal.removeEventListener('abort', this.#aborted);
    if (why !== null) this.#pieces.drop();
    // Whoever takes the pieces must be through with them before it hears how it went.
    void this.#pieces.taken().then(() => {
      if (this.#why !== null || this.#refusal) this.#reject(this.#failure());
      else this.#resolve({ ...this.#head!, bytes: this.#bytes });
    });
  }

  #failure(): unknown {
    if (this.#why instanceof CallersOwn) return this.#why.error;
    if (this.#refusal) {
      const body = Buffer.concat(this.#refusal.said).subarray(0, MOST_SAID_BYTES);
      return statusFailure(this.#shown, this.#refusal, this.#bounds.now(), body);
    }
    try {
      return transportFailure(this.#shown, this.#why);
    } catch (bug) {
      return bug;
    }
  }
}

/** What the caller threw or aborted with: it goes back as it is. */
class CallersOwn {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}
