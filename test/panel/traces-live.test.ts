/** The list of traces in a browser: live, by keys, and never in the way of whoever reads. */
import { expect, it } from 'vitest';
import { sharedService } from '../http/service-under-test.ts';
import { describeInBrowser, type Page } from './browser.ts';
import { send } from './traced.ts';

const firstRow = (page: Page, id: string) =>
  page.locator('tbody tr').first().getByText(id, { exact: true }).waitFor();
const state = (page: Page, words: RegExp) =>
  page.locator('[data-live-state]', { hasText: words }).waitFor();

describeInBrowser('the list of traces', (browser) => {
  const service = sharedService();
  const opened = async (path: string) => {
    const page = await browser.open({ url: service.url });
    await page.goto(path);
    return page;
  };

  it('shows each new trace that matches on top, and says that it is live', async () => {
    await send(service, { id: 'live-1', label: 'live/a', second: 1 });
    const page = await opened('/traces?q=label:live/a&live=1');
    await state(page, /^live$/);
    await send(service, { id: 'live-2', label: 'live/a', second: 2 });
    await firstRow(page, 'live-2');
    await send(
      service,
      { id: 'live-other', label: 'live/other', second: 9 },
      { id: 'live-3', label: 'live/a', second: 3 },
    );
    await firstRow(page, 'live-3');
    expect(await page.locator('tbody tr').count()).toBe(3);
  });

  it('goes by keys, waits while somebody is in the list, and goes on after that', async () => {
    await send(
      service,
      { id: 'keys-1', label: 'live/keys', second: 1 },
      { id: 'keys-2', label: 'live/keys', second: 2 },
    );
    const page = await opened('/traces?q=label:live/keys&live=1');
    await state(page, /^live$/);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await page.locator('tr.chosen').innerText()).toContain('keys-1');
    await send(service, { id: 'keys-3', label: 'live/keys', second: 3 });
    await state(page, /^paused/);
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.keyboard.press('/');
    await page.locator('input[name=q]:focus').waitFor();
    await firstRow(page, 'keys-3');
    expect(await page.locator('tr.chosen').innerText()).toContain('keys-1');
    await page.locator('h1').click();
    await page.keyboard.press('k');
    await page.keyboard.press('o');
    await page.waitForURL('**/traces/keys-2');
  });
});
