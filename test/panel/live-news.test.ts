/** What lights up on a live page: what is news, and nothing that is only confirmed. */
import { expect, it } from 'vitest';
import { filesNamed, labelPath, sharedService } from '../http/service-under-test.ts';
import { describeInBrowser, type Page } from './browser.ts';
import { send } from './traced.ts';

describeInBrowser('a live page', (browser) => {
  const service = sharedService();
  const push = async (label: string, artifact: string) => {
    await service.ask('PUT', labelPath(label), { source: { kind: 'push' } });
    const body = { files: filesNamed(artifact) };
    const { json } = await service.ask('POST', labelPath(label, '/observations'), body);
    return json.requestedAt as string;
  };
  const opened = async (path: string) => {
    const page = await browser.open({ url: service.url });
    await page.clock.install();
    await page.goto(path);
    await page
      .locator('[data-live-state]', { hasText: /^live$/ })
      .first()
      .waitFor();
    return page;
  };
  /** The next look that pages take by themselves. */
  const looksAgain = (page: Page) => page.clock.fastForward(31_000);
  const lit = (page: Page) => page.locator('.arrived').allInnerTexts();

  it('lights nothing where a label is confirmed and has one more trace, and the row that changed', async () => {
    await push('news/a', 'a');
    await push('news/b', 'a');
    const page = await opened('/?q=news/');
    const confirmedAt = await push('news/a', 'a');
    const now = new Date().toISOString();
    await send(service, { label: 'news/a', startedAt: now, endedAt: now });
    await looksAgain(page);
    await page.locator(`td[data-quiet] time[datetime="${confirmedAt}"]`).waitFor();
    await page.getByText(/^1: /).waitFor();
    expect(await lit(page)).toEqual([]);
    await push('news/b', 'b');
    await page.locator('tr.arrived').waitFor();
    const [row, ...others] = await lit(page);
    expect(others).toEqual([]);
    expect(row).toContain('news/b');
    const animation = "getComputedStyle(document.querySelector('.arrived')).animationName";
    expect(await page.evaluate(animation)).toBe('arrived');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await page.evaluate(animation)).toBe('none');
  });

  it('of one label lights the facts that are others now, not those that grow by themselves', async () => {
    await push('one/a', 'a');
    const page = await opened('/labels/one%2Fa');
    const confirmedAt = await push('one/a', 'a');
    await looksAgain(page);
    await page.locator(`[data-live=under] time[datetime="${confirmedAt}"]`).waitFor();
    expect(await lit(page)).toEqual([]);
    await push('one/a', 'b');
    await page.locator('[data-live=changes] tbody tr', { hasText: 'moved' }).waitFor();
    const facts = await page
      .locator('dd.arrived')
      .evaluateAll((all) =>
        all.map(({ previousElementSibling }) => previousElementSibling!.textContent),
      );
    // Whether decisions are watched since is news as well, where the watch was that quick.
    const atOnce = facts.filter((name) => name !== 'Decisions since');
    expect(atOnce).toEqual(['Under it', 'Since', 'Newest reading']);
    const changed = await page.locator('[data-live=changes] tr.arrived').allInnerTexts();
    expect(changed.filter((text) => text.includes('moved'))).toHaveLength(1);
    expect(changed.filter((text) => text.includes('first seen'))).toEqual([]);
  });

  it('lights the first rows of a list that was empty, and of one that was not the new one alone', async () => {
    const page = await opened('/traces?q=label:first/a&live=1');
    await page.locator('.empty').waitFor();
    await send(service, { id: 'first-1', label: 'first/a' }, { id: 'first-2', label: 'first/a' });
    await page.locator('tr.arrived').nth(1).waitFor();
    await send(service, { id: 'first-3', label: 'first/a', second: 9 });
    await page.locator('tbody tr', { hasText: 'first-3' }).waitFor();
    const [row, ...others] = await lit(page);
    expect(others).toEqual([]);
    expect(row).toContain('first-3');
  });
});
