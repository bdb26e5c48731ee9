/** Everybody can use every page: in both colours, wide and narrow, empty and full. */
import { expect, it } from 'vitest';
import { appUnderTest } from '../http/app-under-test.ts';
import { barriersOn, describeInBrowser, overhang, type Page, shifted } from './browser.ts';
import { kindOf, pagesOf } from './crawl.ts';
import { hostileApp } from './hostile-corpus.ts';

const KEYS = [{ role: 'read', secret: 'read-key-read-key' }] as const;

/** On a page that is open. */
async function barriersInAll(page: Page): Promise<string[]> {
  const found: string[] = [];
  // Layout goes by width and contrast by colours: neither depends on the other.
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const barriers = await barriersOn(page);
    found.push(...barriers.map((barrier) => `${colorScheme}, ${width}: ${barrier}`));
  }
  await page.setViewportSize({ width: 320, height: 900 });
  const beyond = await overhang(page);
  return beyond > 0 ? [...found, `at 320 it is ${beyond} pixels too wide`] : found;
}

describeInBrowser('the panel', (browser) => {
  const barriersAt = async (url: string, paths: readonly string[]) => {
    const page = await browser.open({ url });
    // What has just arrived is lit up for a moment, in between all colours.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    for (const path of paths) {
      // Where there is least room, the least moves other things.
      await page.setViewportSize({ width: 360, height: 900 });
      await page.goto(path);
      const shift = await shifted(page);
      const barriers = await barriersInAll(page);
      if (shift > 0) barriers.push(`it moves by ${shift} while it loads`);
      if (barriers.length > 0) found[path] = barriers;
    }
    return found;
  };

  it('keeps nobody out of a page that is full', { timeout: 180_000 }, async () => {
    const { url } = await hostileApp();
    const kinds = new Map<string, string>();
    for (const { path } of await pagesOf(url, 1)) {
      // One of each room; the form of a new diff is a page of its own.
      const kind = kindOf(path).replace(/\?(?!label$).*/, '');
      if (!kinds.has(kind)) kinds.set(kind, path);
    }
    expect(await barriersAt(url, [...kinds.values()])).toEqual({});
    expect(kinds.size).toBeGreaterThan(15);
  });

  it('keeps nobody out of a page that has nothing to show yet, or is not there', async () => {
    const { url } = await appUnderTest();
    const empty = ['/', '/traces', '/diffs', '/changes', '/alerts', '/unmapped'];
    const missing = [
      '/labels/none',
      '/traces/none',
      '/traces?q=nonsense:',
      '/artifacts/none',
      '/x',
    ];
    expect(await barriersAt(url, [...empty, ...missing])).toEqual({});
  });

  it('keeps nobody out at its door', async () => {
    const { url } = await appUnderTest({ keys: KEYS });
    expect(await barriersAt(url, ['/sign-in'])).toEqual({});
  });

  it('leads those without a mouse to the content first', async () => {
    const { url } = await appUnderTest();
    const page = await browser.open({ url });
    await page.goto('/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });
});
