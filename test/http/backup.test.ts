/** A copy of the database over HTTP: whole, checked, one at a time, and nothing left behind. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { STALLED_MS } from '../../src/http/pulled-body.ts';
import { openSqliteStore, type SqliteStore } from '../../src/store/sqlite/index.ts';
import { PUSHED, START, trace } from '../store/opened.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { type AppUnderTest, appUnderTest } from './app-under-test.ts';
import { eventually } from './eventually.ts';
import { expectProblem } from './problems.ts';
import { temporaryFolder } from './service-under-test.ts';

const PATH = '/api/v1/backup';

/** Makes the database larger than all buffers on the way. */
function fill({ db }: SqliteStore): void {
  db.$client.exec('CREATE TABLE filler AS SELECT zeroblob(20000000) AS bytes');
}

const leftIn = (folder: string) => readdirSync(folder).filter((file) => /backup/.test(file));

describe('a backup', () => {
  it('is a whole database under its length and digest, and leaves nothing behind', async () => {
    const { url, store, folder } = await appUnderTest();
    await store.putLabel('og/a', PUSHED, START);
    const answer = await fetch(url + PATH, { method: 'POST' });
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const headers = Object.fromEntries(answer.headers);
    const digest = createHash('sha256').update(bytes).digest('base64');
    expect(headers).toMatchObject({
      'content-type': 'application/vnd.sqlite3',
      'content-length': String(bytes.length),
      'repr-digest': `sha-256=:${digest}:`,
      'cache-control': 'no-store',
    });
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="underlabel-\d{14}\.db"$/,
    );
    expect(leftIn(folder)).toEqual([]);

    const restored = await temporaryFolder();
    writeFileSync(join(restored, 'underlabel.db'), bytes);
    const database = new Database(join(restored, 'underlabel.db'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
    const copy = openSqliteStore(restored, () => START);
    onTestFinished(() => copy.close());
    expect((await copy.label('og/a'))?.name).toBe('og/a');
  });

  it('is taken one at a time, and the next once the last was taken', async () => {
    const app = await appUnderTest();
    fill(app.store);
    const stalled = await begun(app);
    expectProblem(await app.ask('POST', PATH), 409, 'backup-running');
    // What it was copied to has no name any more, and so is gone with the process at the latest.
    expect(leftIn(app.folder)).toEqual([]);
    stalled.leave();
    await eventually(
      () => taken(app),
      (status) => status === 200,
    );
    expect(app.errors).toEqual([]);
  });

  it('is dropped where its client takes nothing for a minute', async () => {
    const clock = new FakeClock(START);
    const app = await appUnderTest({ clock });
    fill(app.store);
    await begun(app);
    await eventually(
      async () => {
        await clock.pass(STALLED_MS);
        return taken(app);
      },
      (status) => status === 200,
    );
  });

  it('that fails says so, leaves nothing, and the next one works', async () => {
    let fails = true;
    const app = await appUnderTest({
      seen: (store) => ({
        ...store,
        async backup(file, now) {
          await store.backup(file, now);
          if (fails) throw new Error('disk');
        },
      }),
    });
    expectProblem(await app.ask('POST', PATH), 500, 'internal');
    expect(app.errors).toHaveLength(1);
    expect(leftIn(app.folder)).toEqual([]);
    fails = false;
    expect(await taken(app)).toBe(200);
  });

  it('that broke off with its process is cleared away at the next start', async () => {
    const folder = await temporaryFolder();
    for (const ending of ['', '-journal', '-wal', '-shm']) {
      writeFileSync(join(folder, `backup.unfinished${ending}`), 'half');
    }
    await appUnderTest({ folder });
    expect(leftIn(folder)).toEqual([]);
    expect(existsSync(join(folder, 'underlabel.db'))).toBe(true);
  });

  it('holds all that was acknowledged before it, while more is written', async () => {
    const { url, store } = await appUnderTest();
    fill(store);
    let last = 0;
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await store.ingest([trace({ id: `w${last + 1}`, label: 'og/a' })], START);
        last++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await eventually(
      () => last,
      (count) => count > 5,
    );
    const before = last;
    const answer = await fetch(url + PATH, { method: 'POST' });
    const bytes = Buffer.from(await answer.arrayBuffer());
    writing = false;
    await writer;
    const restored = await temporaryFolder();
    writeFileSync(join(restored, 'underlabel.db'), bytes);
    const copy = openSqliteStore(restored, () => START);
    onTestFinished(() => copy.close());
    const kept = await Promise.all([1, before].map((n) => copy.trace(`w${n}`, null)));
    expect(kept.every((one) => one !== null)).toBe(true);
  });
});

/** Takes a whole one. @returns its status */
async function taken({ url }: AppUnderTest): Promise<number> {
  const answer = await fetch(url + PATH, { method: 'POST' });
  await answer.arrayBuffer();
  return answer.status;
}

/** A download whose client takes the first bytes, and then nothing. */
async function begun({ url }: AppUnderTest): Promise<{ leave(): void }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const asking = request(url + PATH, { method: 'POST', agent: false }, (answer) => {
    answer.on('error', () => {});
    answer.once('readable', resolve);
  });
  asking.on('error', reject);
  asking.end();
  onTestFinished(() => void asking.destroy());
  await promise;
  return { leave: () => void asking.destroy() };
}
