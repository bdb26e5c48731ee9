import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { files, opened, START, temporaryFolder } from './opened.ts';

const DAY = 86_400_000;
const WATCHED = {
  source: { kind: 'manifest', url: 'https://hub.example/m.json' },
  every: 30_000,
  clockSkew: 0,
  servingLag: 0,
} as const;

const said = (sha256: string) => ({ sha256, bytes: 3, body: 'raw' });

describe('the body of an answer', () => {
  it('that only failed readings have is let go of by age, in small steps; its length and hash stay', async () => {
    const { store } = opened();
    await store.putLabel('og/x', WATCHED, START);
    for (let i = 0; i < 5; i++) {
      const at = START + i * DAY;
      const outcome = { kind: 'failed', code: 'not-json', message: 'no' } as const;
      const times = { requestedAt: at, receivedAt: at, seenSince: null };
      await store.recordReading('og/x', { ...times, outcome, answer: said(`bad-${i}`) }, at);
    }
    const until = START + 3 * DAY;
    expect(await store.dropAnswers(until, 2, until)).toBe(2);
    expect(await store.dropAnswers(until, 2, until)).toBe(1);
    expect(await store.dropAnswers(until, 2, until)).toBe(0);
    expect(await store.answer('bad-0')).toEqual({ bytes: 3, body: null, droppedAt: until });
    expect(await store.answer('bad-3')).toEqual({ bytes: 3, body: 'raw', droppedAt: null });
  });

  it('that revealed a change stays, whatever its age, also where it made a reading fail later', async () => {
    const { store } = opened();
    await store.putLabel('og/x', WATCHED, START);
    const outcome = { kind: 'artifact', files: files('a') } as const;
    const first = { requestedAt: START, receivedAt: START, seenSince: null, outcome };
    await store.recordReading('og/x', { ...first, answer: said('good') }, START);
    const failed = { kind: 'failed', code: 'stale', message: 'no' } as const;
    const later = { requestedAt: START + 1, receivedAt: START + 1, seenSince: null };
    await store.recordReading('og/x', { ...later, outcome: failed, answer: said('good') }, START);
    expect(await store.dropAnswers(START + 1000 * DAY, 100, START)).toBe(0);
    expect((await store.answer('good'))!.body).toBe('raw');
  });

  it('that was let go of and is answered again is kept again', async () => {
    const { store } = opened();
    await store.putLabel('og/x', WATCHED, START);
    const fail = (at: number) => {
      const outcome = { kind: 'failed', code: 'not-json', message: 'no' } as const;
      const reading = { requestedAt: at, receivedAt: at, seenSince: null, outcome };
      return store.recordReading('og/x', { ...reading, answer: said('bad') }, at);
    };
    await fail(START);
    await store.dropAnswers(START + DAY, 100, START + DAY);
    await fail(START + 2 * DAY);
    expect(await store.answer('bad')).toMatchObject({ body: 'raw', droppedAt: null });
  });
});

describe('a backup', () => {
  it('is a whole database of its own that says when it was taken, made while writing goes on', async () => {
    const { store } = opened();
    await store.putLabel('og/x', WATCHED, START);
    const file = join(temporaryFolder(), 'copy.db');
    const making = store.backup(file, START + 5);
    await store.putLabel('og/y', WATCHED, START + 6);
    await making;
    const copy = new Database(file, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    const takenAt = copy.prepare('SELECT taken_at FROM copies').pluck().get() as number;
    expect(takenAt).toBeGreaterThanOrEqual(START + 5);
    expect(copy.prepare("SELECT count(*) FROM labels WHERE name = 'og/x'").pluck().get()).toBe(1);
    copy.close();
    const own = store.db.$client.prepare('SELECT count(*) FROM copies').pluck().get();
    expect(own).toBe(0);
  });

  it('never says it holds what was recorded after it began', async () => {
    const { store } = opened();
    const file = join(temporaryFolder(), 'copy.db');
    await store.backup(file, START + 5);
    await store.putLabel('og/z', WATCHED, START + 5);
    const createdAt = (await store.label('og/z'))!.createdAt;
    const copy = new Database(file, { readonly: true });
    const takenAt = copy.prepare('SELECT taken_at FROM copies').pluck().get() as number;
    copy.close();
    expect(createdAt).toBeGreaterThan(takenAt);
  });

  it('that fails leaves nothing behind', async () => {
    const { store } = opened();
    const missing = join(temporaryFolder(), 'no', 'such', 'copy.db');
    await expect(store.backup(missing, START)).rejects.toThrow();
  });
});
