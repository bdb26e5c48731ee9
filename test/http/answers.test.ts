/** Raw answers of sources: word for word, while they are kept. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { PUSHED, START } from '../store/opened.ts';
import { appUnderTest } from './app-under-test.ts';
import { expectProblem } from './problems.ts';

const DAY_MS = 86_400_000;

it('an answer that was let go of says so, with its length and when', async () => {
  const { ask, store } = await appUnderTest();
  await store.putLabel('og/a', PUSHED, START);
  const body = '<html>not a manifest';
  const sha256 = createHash('sha256').update(body).digest('hex');
  const outcome = { kind: 'failed' as const, code: 'not-json', message: 'it is no JSON' };
  const times = { requestedAt: START, receivedAt: START, seenSince: null };
  const answer = { sha256, bytes: body.length, body };
  await store.recordReading('og/a', { ...times, outcome, answer }, START);
  const path = `/api/v1/answers/${sha256}`;
  expect((await ask('GET', path)).text).toBe(body);

  const later = START + 31 * DAY_MS;
  expect(await store.dropAnswers(later - 30 * DAY_MS, 100, later)).toBe(1);
  const gone = await ask('GET', path);
  expectProblem(gone, 404, 'not-found');
  expect(gone.json.detail).toContain('was 20 bytes and was let go of at 2026-12-18T10:00:00.000Z');
});
