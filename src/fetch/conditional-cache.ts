/**
 * One label's memory of the last bodies its source gave, so that the next reading can ask "still
 * this?" (RFC 9110, section 13.1.2). Bounded: only what the last reading asked for is kept.
 */
interface Entry {
  etag: string;
  body: Buffer;
}

/** Many labels each keep their bodies: a long one is cheaper to fetch again than to hold. */
const LONGEST_BODY = 256 * 1024;
/** What may stand in a header; some servers leave the quotes out. */
const ETAG = /^[\x21-\x7e]{1,256}$/;

export class ConditionalCache {
  #last = new Map<string, Entry>();
  #now = new Map<string, Entry>();

  /** Forgets what the reading before the last one asked for. Call it as a reading begins. */
  startReading(): void {
    this.#last = this.#now;
    this.#now = new Map();
  }

  get(url: URL): Entry | null {
    return this.#now.get(url.href) ?? this.#last.get(url.href) ?? null;
  }

  keep(url: URL, etag: string, body: Buffer): void {
    if (ETAG.test(etag) && body.length <= LONGEST_BODY) this.#now.set(url.href, { etag, body });
  }
}
