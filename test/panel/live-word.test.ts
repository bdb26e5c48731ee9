/** Whether a page says truly that it is live, and how old what it shows is. */
import { expect, it } from 'vitest';
import { filesNamed, labelPath, sharedService } from '../http/service-under-test.ts';
import { describeInBrowser, type Page } from './browser.ts';

const MINUTE = 60_000;

describeInBrowser('a live page', (browser) => {
  const service = sharedService();
  const push = async (label: string, artifact: string, times = {}) => {
    await service.ask('PUT', labelPath(label), { source: { kind: 'push' } });
    const body = { files: filesNamed(artifact), ...times };
    const { json } = await service.ask('POST', labelPath(label, '/observations'), body);
    return json.requestedAt as string;
  };
  const opened = async (time = Date.now()) => {
    const page = await browser.open({ url: service.url });
    await page.clock.install({ time });
    return page;
  };
  const says = (page: Page, words: RegExp) =>
    page.locator('[data-live-state]', { hasText: words }).first().waitFor();
  /** What pages do by themselves every 30 s at most. */
  const later = (page: Page) => page.clock.fastForward(31_000);

  it('tells ages by the clock of the service, whatever that of the browser says', async () => {
    const at = new Date(Date.now() - 10 * MINUTE).toISOString();
    await push('ages/a', 'a', { requestedAt: at, receivedAt: at });
    const page = await opened(Date.now() - 15 * MINUTE);
    await page.goto('/labels/ages%2Fa');
    const age = (time: string) =>
      page.locator(`[data-live=under] time[data-ago][datetime="${time}"]`).first();
    await says(page, /^live$/);
    await page.clock.fastForward(6000);
    expect(await age(at).innerText()).toBe('10 min ago');

    // A clock that is set back while the page stands open: the next answer tells.
    await page.clock.setSystemTime(Date.now() - 300 * MINUTE);
    const then = await push('ages/a', 'b');
    await age(then).waitFor();
    expect(await age(then).innerText()).toMatch(/^(just now|\d+ s ago)$/);
  });

  it.each(['/', '/changes', '/traces?live=1'])(
    '%s stops saying so where the service does not answer, and says so again once it does',
    async (path) => {
      const page = await opened();
      // It would take 15 s.
      await page.addInitScript(() => {
        const timeout = AbortSignal.timeout.bind(AbortSignal);
        AbortSignal.timeout = (ms) => timeout(ms / 100);
      });
      await page.goto(path);
      await says(page, /^live$/);
      await page.route('**', (route) => {
        if (route.request().resourceType() !== 'fetch') return route.continue();
        // It is left to wait.
      });
      await later(page);
      await says(page, /^not live: the service did not answer$/);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await later(page);
      await says(page, /^live$/);
    },
  );

  it('that was refused says that it is not live, and asks again by itself', async () => {
    const page = await opened();
    // As 401 and 503, this ends a stream for good; but nothing is said of it in the console.
    await page.route('**/api/v1/events*', (route) => route.fulfill({ status: 204 }));
    await page.goto('/changes');
    await says(page, /^not live: load the page again$/);
    await later(page);
    await says(page, /^not live: load the page again$/);
    await page.unrouteAll({ behavior: 'wait' });
    await later(page);
    await says(page, /^live$/);
    await push('refused/a', 'a');
    await page.locator('tbody tr', { hasText: 'refused/a' }).waitFor();
  });
});
