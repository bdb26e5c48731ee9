import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../../src/sandbox/listen.ts';
import { apiOf, expectFact } from '../../../src/sandbox/story/api.ts';

let service: Listening | null = null;
afterEach(() => service?.close());

async function apiThatAnswers(answer: (asked: number) => Response, signal?: AbortSignal) {
  let asked = 0;
  service = await listen(new Hono().get('/api/v1/thing', () => answer(asked++)));
  return apiOf(service.url, signal ?? new AbortController().signal);
}

describe('what the story reads back', () => {
  it('is asked for until it is there', async () => {
    const api = await apiThatAnswers((asked) => Response.json({ ready: asked === 2 }));
    const answer = await api.until('the thing is ready', async () => {
      const thing = await api.get<{ ready: boolean }>('/thing');
      return thing.ready ? thing : null;
    });
    expect(answer).toEqual({ ready: true });
  });

  it('is named where the service refuses it', async () => {
    const api = await apiThatAnswers(() => Response.json({ title: 'no' }, { status: 409 }));
    await expect(api.get('/thing')).rejects.toThrow(
      'GET /thing was answered with 409: {"title":"no"}',
    );
  });

  it('is no longer waited for once the story is stopped', async () => {
    const stop = new AbortController();
    const api = await apiThatAnswers(() => Response.json({}), stop.signal);
    const waiting = api.until('nothing', async () => {
      stop.abort(new Error('stopped'));
      return null;
    });
    await expect(waiting).rejects.toThrow();
  });

  it('must be as expected, or the story says what it saw', () => {
    expect(() => expectFact('the sky is blue', false, 'grey')).toThrow(
      'Expected: the sky is blue. The API answered: "grey"',
    );
  });
});
