/** Whether the service is up just now, and where. What talks to it waits here while it is down. */
export class Standing {
  #url = Promise.withResolvers<string>();
  #current: string | null = null;

  up(url: string): void {
    this.#current = url;
    this.#url.resolve(url);
  }

  down(): void {
    if (this.#current === null) return;
    this.#current = null;
    this.#url = Promise.withResolvers();
  }

  /** Null while it is down. */
  get url(): string | null {
    return this.#current;
  }

  /** Resolves with where it is; null once `over` aborts. */
  async whenUp(over: AbortSignal): Promise<string | null> {
    const ended = Promise.withResolvers<null>();
    const end = () => ended.resolve(null);
    over.addEventListener('abort', end);
    if (over.aborted) end();
    const url = await Promise.race([this.#url.promise, ended.promise]);
    over.removeEventListener('abort', end);
    return url;
  }
}
