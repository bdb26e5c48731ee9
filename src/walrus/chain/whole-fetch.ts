/** Fetching answers that are small by nature: whole, bounded in size and in time, before anybody sees them. */

export type Fetch = typeof globalThis.fetch;

/** An answer is longer than is read here. */
export class OverlongAnswer extends Error {
  override name = 'OverlongAnswer';
}

/**
 * A `fetch` whose answers are all there when it returns. No redirect is followed.
 * @param fetch bounded in what it connects to
 * @param bounds `timeoutMs` for the whole of one answer
 */
export function wholeFetch(
  fetch: Fetch,
  { maxBytes, timeoutMs }: { maxBytes: number; timeoutMs: number },
): Fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await fetch(input, { ...init, redirect: 'error', signal });
    const bytes = await bodyOf(response, maxBytes);
    const { status, statusText, headers } = response;
    return new Response(bytes.length > 0 ? bytes : null, { status, statusText, headers });
  };
}

async function bodyOf(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const stated = Number(response.headers.get('content-length') ?? 0);
  if (stated > maxBytes) {
    await response.body?.cancel();
    throw overlong(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by an error cancels what is still to come.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw overlong(maxBytes);
    chunks.push(chunk);
  }
  const [only] = chunks;
  const whole = new Uint8Array(length);
  if (chunks.length === 1 && only) whole.set(only);
  else {
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
  }
  return whole;
}

function overlong(maxBytes: number): OverlongAnswer {
  return new OverlongAnswer(`the answer is longer than ${maxBytes} bytes`);
}
