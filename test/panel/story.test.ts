/** The story of the demo as somebody in a browser goes through it: live, by clicks, by keys, with each role. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Network, startNetwork } from '../../src/sandbox/network.ts';
import { tellStory } from '../../src/sandbox/story.ts';
import { type Service, startService } from '../../src/service.ts';
import { N_SHARDS } from '../../src/walrus/encoder/encode.ts';
import { describeInBrowser, type Page, signIn } from './browser.ts';

const KEYS = {
  read: 'read-key-of-the-story',
  ingest: 'ingest-key-of-the-story',
  review: 'review-key-of-the-story',
  admin: 'admin-key-of-the-story',
};
type Role = keyof typeof KEYS;
const LABEL = 'og/risk-gate';
const LABEL_PATH = `/labels/${encodeURIComponent(LABEL)}`;
const SILENT = { heading() {}, say() {}, fact() {}, item() {} };

interface Change {
  id: string;
  from: string | null;
  to: string;
}

describeInBrowser('the story of a label that moved', (browser) => {
  let network: Network;
  let service: Service;
  let dataFolder: string;
  const live = { first: '', moved: '', reloads: 0 };

  /** By the role; somebody who signs in at each test would only take time. */
  const cookies = new Map<Role, { name: string; value: string; url: string }>();
  const as = async (role: Role, opening: { javaScript?: boolean; keep?: boolean } = {}) => {
    const page = await browser.open({ url: service.url, ...opening });
    const known = cookies.get(role);
    if (known) await page.context().addCookies([known]);
    await page.goto('/');
    if (known) return page;
    await signIn(page, KEYS[role]);
    const [cookie] = await page.context().cookies();
    cookies.set(role, { name: cookie!.name, value: cookie!.value, url: service.url });
    return page;
  };
  const api = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${KEYS.read}` };
    return (await fetch(`${service.url}/api/v1${path}`, { headers })).json() as Promise<T>;
  };
  const changes = async () => {
    const timeline = await api<{ changes: Change[] }>(`${LABEL_PATH}/timeline`);
    return timeline.changes as [Change, Change];
  };

  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'underlabel-test-'));
    network = await startNetwork();
    const { hub, aggregator, sui } = network;
    service = await startService({
      dataFolder,
      port: 0,
      logLevel: 'silent',
      keys: Object.entries(KEYS).map(([role, secret]) => ({ role: role as Role, secret })),
      allowHosts: [hub, aggregator, sui].map(({ url }) => new URL(url).host),
      walrus: {
        network: 'custom',
        aggregators: [aggregator.url],
        shards: N_SHARDS,
        verify: 'always',
        expiryDays: [14, 2],
        chain: { suiUrl: sui.url, packageConfig: sui.packageConfig },
      },
    });
    const overview = await as('read', { keep: true });
    overview.on('load', () => live.reloads++);
    const { signal } = new AbortController();
    const means = { serviceUrl: service.url, key: KEYS.admin, network, page: SILENT, signal };
    const told = tellStory({ ...means, move: true });
    live.first = await artifactShown(overview, '');
    live.moved = await artifactShown(overview, live.first);
    await told;
    await overview.context().close();
  }, 180_000);
  afterAll(async () => {
    await service?.close();
    await network?.close();
    if (dataFolder) await rm(dataFolder, { recursive: true, force: true });
  });

  it('showed the label and its change on the overview as they came, without loading it again', async () => {
    const [first, moved] = await changes();
    expect([live.first, live.moved]).toEqual([short(first.to), short(moved.to)]);
    expect(live.reloads).toBe(0);
  });

  it('leads from the overview over the timeline to the window in which the label changed', async () => {
    const [first, moved] = await changes();
    const page = await as('read');
    await page.getByRole('link', { name: LABEL, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: LABEL }).waitFor();
    await page.locator('svg.timeline a', { hasText: 'A change between' }).last().click();
    await page.waitForURL(`**/changes/${moved.id}`);
    const text = await page.locator('main').innerText();
    expect(text).toContain('moved');
    for (const artifact of [first.to, moved.to]) expect(text).toContain(short(artifact));
    await page
      .getByRole('link', { name: /inside/ })
      .first()
      .click();
    await page.waitForURL(/\/compare\//);
    expect(await page.locator('main').innerText()).toContain('night');
  });

  it('finds the traces that the change leaves open, and says of one why', async () => {
    const page = await as('read');
    await page.goto('/traces');
    await page.keyboard.press('/');
    await page.keyboard.type(`label:${LABEL} certainty:ambiguous`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/certainty/);
    expect(await page.locator('tbody tr').count()).toBe(3);
    await page.locator('tbody tr').first().getByRole('link').first().click();
    await page.waitForURL(/\/traces\/[^?]/);
    const [first, moved] = await changes();
    const sentence = await page.locator('.sentence').innerText();
    expect(sentence).toMatch(/^ambiguous: it changed between .* so it is one of 2: /);
    for (const artifact of [first.to, moved.to]) expect(sentence).toContain(short(artifact));
  });

  it('finds a flipped case in the diff, and both of its traces', async () => {
    const page = await as('read');
    await page.getByRole('link', { name: 'Diffs' }).click();
    // The story's own is the oldest.
    await page.locator('tbody a[href^="/diffs/"]', { hasText: 'shared inputs' }).last().click();
    await page.waitForURL(/\/diffs\/d_/);
    expect(await page.locator('main').innerText()).toContain('7 flipped');
    await page.locator('table a[href*="cell="]', { hasText: /^6$/ }).first().click();
    await page.getByRole('heading', { level: 1, name: 'CLEAR → HOLD' }).waitFor();
    const sides = page.locator('tbody tr').filter({ has: page.locator('a[href^="/traces/"]') });
    const row = sides.first().locator('a[href^="/traces/"]');
    const [first, moved] = await changes();
    for (const [i, decision, artifact] of [
      [0, 'CLEAR', first.to],
      [1, 'HOLD', moved.to],
    ] as const) {
      const other = await as('read');
      await other.goto((await row.nth(i).getAttribute('href'))!);
      const text = await other.locator('main').innerText();
      expect(text).toContain('bracketed: read at');
      expect(text).toContain('same artifact both times');
      expect(text).toContain(decision);
      expect(text).toContain(short(artifact));
    }
  });

  it('compares two artifacts by the form, without JavaScript too', async () => {
    const [first, moved] = await changes();
    const page = await as('read', { javaScript: false });
    const sides = new URLSearchParams({ label: LABEL, before: first.to, after: moved.to });
    await page.goto(`/diffs?${sides}`);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL(/\/diffs\/d_/);
    expect(await page.locator('main').innerText()).toContain('shared inputs');
  });

  it('tells of the trace that knew first what was known then, and what is known now', async () => {
    const page = await as('read');
    await page.goto(`/traces?${new URLSearchParams({ q: 'certainty:declared' })}`);
    await page.locator('tbody tr').first().getByRole('link').first().click();
    await page.waitForURL(/\/traces\/[^?]/);
    expect(await page.locator('main').innerText()).not.toContain('Conflict.');
    await page.getByRole('link', { name: 'when it was recorded' }).click();
    await page.waitForURL(/asOf=/);
    const differs = page.locator('.then-now tr', { hasText: 'Conflict' });
    expect(await differs.locator('td').allInnerTexts()).toEqual([
      expect.stringMatching(/yes/i),
      expect.stringMatching(/no/i),
    ]);
  });

  it('goes through the traces by keys', async () => {
    const page = await as('read');
    await page.goto(`/traces?${new URLSearchParams({ q: `label:${LABEL}` })}`);
    const chosen = page.locator('tr.chosen');
    for (const key of ['j', 'j', 'k', 'j']) await page.keyboard.press(key);
    const second = await page.locator('tbody tr').nth(1).getAttribute('id');
    expect(await chosen.getAttribute('id')).toBe(second);
    const href = await chosen.getByRole('link').first().getAttribute('href');
    await page.keyboard.press('o');
    await page.waitForURL((url) => `${url.pathname}${url.search}` === href);
    await page.goBack();
    await page.keyboard.press('/');
    await page.keyboard.type('jjo');
    expect(await page.locator('input[data-filter]').inputValue()).toContain('jjo');
  });

  it('moves along the timeline by keys, and each stretch is an address', async () => {
    const page = await as('read');
    await page.goto(`${LABEL_PATH}?range=1h`);
    const range = () => {
      const query = new URL(page.url()).searchParams;
      return ['from', 'to'].map((name) => Date.parse(query.get(name) ?? ''));
    };
    const press = async (key: string) => {
      const before = page.url();
      await page.keyboard.press(key);
      await page.waitForURL((url) => url.href !== before);
      await page.waitForLoadState();
      return range() as [number, number];
    };
    const near = await press('+');
    expect(near[1] - near[0]).toBeCloseTo(1_800_000, -4);
    const earlier = await press('[');
    expect(earlier[0]).toBeLessThan(near[0]);
    const later = await press(']');
    expect(later).toEqual(near);
    const far = await press('-');
    expect(far[1] - far[0]).toBeGreaterThan(near[1] - near[0]);
  });

  it('lets each role in, and shows only those forms that the role may send', async () => {
    for (const role of Object.keys(KEYS) as Role[]) {
      const page = await as(role);
      expect(await page.locator('header').innerText()).toContain(`role ${role}`);
      await page.goto(LABEL_PATH);
      const button = page.getByRole('button', { name: 'Read now' });
      expect(await button.count(), role).toBe(role === 'admin' ? 1 : 0);
      if (role !== 'admin') {
        await sendForm(page, `${LABEL_PATH}/read`);
        const text = await page.locator('main').innerText();
        expect(text).toContain('This needs a key with the role admin');
        expect(text).toContain(`you are signed in with ${role}`);
      }
    }
  });

  it('reads the label when an admin asks for it', async () => {
    const page = await as('admin');
    await page.goto(LABEL_PATH);
    await page.getByRole('button', { name: 'Read now' }).click();
    await page.waitForURL(/read=/);
    expect(await page.locator('main').innerText()).toMatch(/It was read|goes on by itself/);
  });

  it('keeps out whoever has no key, and leads back to where they wanted to go', async () => {
    const page = await browser.open({ url: service.url });
    await page.goto(`${LABEL_PATH}?range=24h`);
    await signIn(page, 'no-such-key-at-all');
    expect(await page.getByRole('alert').innerText()).toBe('The service has no such key.');
    await signIn(page, KEYS.read);
    expect(new URL(page.url()).search).toBe('?range=24h');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goBack();
    await page.waitForURL(/\/sign-in/);
  });

  it('can all be read without JavaScript', async () => {
    const [first, moved] = await changes();
    const page = await as('read', { javaScript: false });
    const { items } = await api<{ items: { id: string }[] }>('/traces?certainty=ambiguous');
    const artifact = await api<{ files: { blobId: string }[] }>(`/artifacts/${moved.to}`);
    const said: Record<string, RegExp> = {
      '/': /og\/risk-gate/,
      [LABEL_PATH]: /moved/,
      [`/traces?q=${encodeURIComponent(`label:${LABEL} decision:HOLD`)}`]: /HOLD/,
      [`/traces/${items[0]!.id}`]: /ambiguous: it changed between/,
      [`/traces/${items[0]!.id}?asOf=${new Date().toISOString()}`]: /What was known/,
      '/changes': /moved/,
      [`/changes/${moved.id}`]: /moved/,
      [`/artifacts/${moved.to}`]: /risk-gate\.safetensors/,
      [`/blobs/${artifact.files[0]!.blobId}`]: /verified/,
      [`/compare/${first.to}/${moved.to}`]: /night/,
      '/diffs': /shared inputs/,
      [`/diffs?${new URLSearchParams({ label: LABEL })}`]: /Choose the sides/,
      '/alerts': /channel/i,
      '/unmapped': /unmapped/i,
    };
    for (const [path, words] of Object.entries(said)) {
      const answer = await page.goto(path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      expect(await page.locator('main').innerText(), path).toMatch(words);
      expect(await page.locator('main h1').count(), path).toBe(1);
    }
  });
});

const short = (artifactId: string) => artifactId.slice('sha256:'.length, 'sha256:'.length + 12);

/** The artifact that stands under the label on the overview, once it is another one. */
async function artifactShown(overview: Page, other: string): Promise<string> {
  const row = overview.locator('tbody tr', { hasText: LABEL });
  const shown = row.locator('.artifact .id', { hasNotText: other === '' ? /^$/ : other });
  await shown.first().waitFor({ timeout: 60_000 });
  return (await shown.first().innerText()).trim();
}

/** What a page would send that was loaded when more was allowed. */
async function sendForm(page: Page, action: string): Promise<void> {
  await page.evaluate(`
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: ${JSON.stringify(action)} });
    document.body.append(form);
    form.submit();`);
  await page.waitForURL(`**${action}`);
  await page.waitForLoadState();
}
