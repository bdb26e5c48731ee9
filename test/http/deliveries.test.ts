/** What channels were told: listed, looked at, told again. */
import { describe, expect, it } from 'vitest';
import { delivery } from '../../src/contract/channel.ts';
import { receiver } from '../alert/receiver.ts';
import { type AppUnderTest, appUnderTest } from './app-under-test.ts';
import { eventually } from './eventually.ts';
import { expectFields, expectProblem } from './problems.ts';
import { filesNamed, labelPath } from './service-under-test.ts';

const list = (query = '') => `/api/v1/deliveries${query}`;

/** A label that is pushed to, and readings of it. */
async function moves({ ask }: AppUnderTest, label: string, ...artifacts: string[]): Promise<void> {
  await ask('PUT', labelPath(label), { source: { kind: 'push' } });
  for (const artifact of artifacts) {
    const { status } = await ask('POST', labelPath(label, '/observations'), {
      files: filesNamed(artifact),
    });
    expect(status).toBe(201);
  }
}

describe('deliveries', () => {
  it('are one for each event and channel that wants it, newest first, in pages', async () => {
    const app = await appUnderTest();
    const hook = await receiver();
    await app.ask('PUT', '/api/v1/channels/all', { kind: 'webhook', url: hook.url });
    const moved = { kind: 'webhook', url: hook.url, events: ['underlabel.change.moved'] };
    await app.ask('PUT', '/api/v1/channels/moved', moved);
    await moves(app, 'og/a', '1', '2', '3');
    await hook.received.reach(5);

    const { json } = await app.ask('GET', list());
    expect(json.items.map((one: unknown) => delivery.parse(one).channel).sort()).toEqual([
      ...['all', 'all', 'all'],
      ...['moved', 'moved'],
    ]);
    const ids = json.items.map(({ id }: { id: string }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(json.items[0].event).toMatchObject({
      type: 'underlabel.change.moved',
      subject: 'og/a',
    });

    const paged: unknown[] = [];
    let cursor = '';
    do {
      const page = await app.ask('GET', list(`?limit=2${cursor && `&cursor=${cursor}`}`));
      paged.push(...page.json.items.map(({ id }: { id: string }) => Number(id)));
      cursor = page.json.nextCursor ?? '';
    } while (cursor);
    expect(paged).toEqual(ids);
    const ofMoved = await app.ask('GET', list('?channel=moved'));
    expect(ofMoved.json.items).toHaveLength(2);
  });

  it('are filtered by status, and say when they are tried next and what went wrong', async () => {
    const app = await appUnderTest();
    const hook = await receiver(() => 500);
    await app.ask('PUT', '/api/v1/channels/desk', { kind: 'webhook', url: hook.url });
    await moves(app, 'og/a', '1', '2');
    await hook.received.reach(1);
    const tried = await eventually(
      async () => (await app.ask('GET', list('?status=pending'))).json.items,
      ([first]) => first.attempts === 1,
    );
    expect(tried).toMatchObject([
      { lastError: { code: 'http-500' }, nextAt: expect.stringMatching(/Z$/) },
    ]);
    const waiting = await app.ask('GET', list('?status=waiting'));
    expect(waiting.json.items).toMatchObject([{ attempts: 0, nextAt: null, lastError: null }]);
    expect((await app.ask('GET', list('?status=delivered'))).json.items).toEqual([]);
    // What waits for a channel that is disabled is not tried, whatever its turn was.
    hook.reply = () => 410;
    await app.ask('PUT', labelPath('og/b'), { source: { kind: 'push' } });
    await moves(app, 'og/b', '1');
    await eventually(
      async () => (await app.ask('GET', '/api/v1/channels/desk')).json.disabledAt,
      (disabledAt) => disabledAt !== null,
    );
    const held = await app.ask('GET', list('?status=pending'));
    expect(held.json.items.length).toBeGreaterThan(0);
    for (const item of held.json.items) {
      expect(item.nextAt).toBeNull();
      expect((await app.ask('GET', list(`/${item.id}`))).json).toEqual(item);
    }
  });

  it('are cancelled with their channel, and can not be made again then', async () => {
    const app = await appUnderTest();
    const hook = await receiver(() => 500);
    await app.ask('PUT', '/api/v1/channels/desk', { kind: 'webhook', url: hook.url });
    await moves(app, 'og/a', '1', '2');
    await app.ask('DELETE', '/api/v1/channels/desk');
    const { json } = await app.ask('GET', list('?channel=desk&status=cancelled'));
    expect(json.items).toHaveLength(2);
    const again = await app.ask('POST', list(`/${json.items[0].id}/redeliver`));
    expectProblem(again, 404, 'unknown-channel');
  });

  it('are made again when asked for, under the same event', async () => {
    const app = await appUnderTest();
    const hook = await receiver();
    await app.ask('PUT', '/api/v1/channels/desk', { kind: 'webhook', url: hook.url });
    await moves(app, 'og/a', '1');
    await hook.received.reach(1);
    const { id } = await eventually(
      async () => (await app.ask('GET', list())).json.items[0],
      ({ status }) => status === 'delivered',
    );
    const again = await app.ask('POST', list(`/${id}/redeliver`));
    expect([again.status, again.json.status, again.json.attempts]).toEqual([200, 'pending', 0]);
    const [first, second] = await hook.received.reach(2);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  });

  it('that are not there, or can not be, are named as such', async () => {
    const { ask } = await appUnderTest();
    expectProblem(await ask('GET', list('/7')), 404, 'unknown-delivery');
    expectProblem(await ask('POST', list('/7/redeliver')), 404, 'unknown-delivery');
    for (const id of ['0', '-1', '1.5', 'x', '1e3', '9'.repeat(16)]) {
      expectFields(await ask('GET', list(`/${id}`)), 'id');
    }
    expectFields(await ask('GET', list('?status=lost')), 'status');
    expectFields(await ask('GET', list('?cursor=x')), 'cursor');
  });
});
