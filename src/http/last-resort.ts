/**
 * The end of what nothing else answers: no error gets past it to the server, which would print it and
 * tell the client in its own way.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { type Context, Hono } from 'hono';
import { asProblem, type ProblemError, problemResponse } from './problem.ts';

/** What stands on every answer, also where none of the apps made it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};

/** For an answer that passes through no app. */
export function bareAnswer(problem: ProblemError): Response {
  const answer = problemResponse(problem);
  for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value);
  return answer;
}

/**
 * @param answered by the apps behind it
 * @param onError told of each error that came so far
 */
export function lastResort(
  answered: (c: Context) => Response | Promise<Response>,
  onError: (error: unknown, request: string) => void,
): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    onError(error, `${c.req.method} ${c.req.path}`);
    return bareAnswer(asProblem(error));
  });
  app.all('*', async (c) => {
    const answer = await answered(c);
    try {
      refuseUnwritable(answer.headers);
    } catch (error) {
      await answer.body?.cancel();
      throw error;
    }
    return answer;
  });
  return app;
}

/** @throws TypeError as the server would, once it had begun to write */
function refuseUnwritable(headers: Headers): void {
  for (const [name, value] of headers) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}
