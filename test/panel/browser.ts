/**
 * The panel in a real browser. Whatever a page complains of (an error in its console, something that its
 * policy stopped, a dialog, a question to another site) fails the test that opened it.
 */
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { findChromium } from './chromium.ts';

export type { Page } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const START_MS = 60_000;
const STEP_MS = 20_000;

const found = findChromium();
if (found === null) {
  process.stderr.write(
    'Tests of the panel in a browser are skipped: Chromium is not installed, and UNDERLABEL_CHROMIUM names none.\n',
  );
}

export interface Opening {
  /** Of the service; paths are below it, and nothing else may be asked. */
  url: string;
  theme?: 'light' | 'dark';
  width?: number;
  javaScript?: boolean;
  /** Stays open until all tests of the group are over. */
  keep?: boolean;
}

export interface TestBrowser {
  /** A page of a context of its own: no cookie of another. */
  open(opening: Opening): Promise<Page>;
}

/** One browser for all tests of a group; skipped where there is none. */
export function describeInBrowser(name: string, tests: (browser: TestBrowser) => void): void {
  describe.skipIf(found === null)(name, { timeout: START_MS }, () => {
    let browser: Browser;
    let open: BrowserContext[] = [];
    let complaints: string[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: found!, args: FLAGS });
    }, START_MS);
    afterEach(async () => {
      const [heard, contexts] = [complaints, open];
      [complaints, open] = [[], []];
      await Promise.all(contexts.map((context) => context.close()));
      expect(heard).toEqual([]);
    });
    afterAll(() => browser?.close(), START_MS);
    tests({
      async open({ url, theme = 'light', width = 1280, javaScript = true, keep = false }) {
        const context = await browser.newContext({
          baseURL: url,
          colorScheme: theme,
          viewport: { width, height: 900 },
          javaScriptEnabled: javaScript,
        });
        context.setDefaultTimeout(STEP_MS);
        if (!keep) open.push(context);
        listen(context, new URL(url).origin, (complaint) => complaints.push(complaint));
        return context.newPage();
      },
    });
  });
}

function listen(context: BrowserContext, origin: string, complain: (what: string) => void): void {
  /** That a page itself was answered with 404 is said in the console too, and is no fault of it. */
  const documents = new Set<string>();
  context.on('request', (request) => {
    if (request.isNavigationRequest()) documents.add(request.url());
    if (new URL(request.url()).origin !== origin) complain(`it asked ${request.url()}`);
  });
  context.on('console', (message) => {
    const ofDocument =
      message.text().startsWith('Failed to load resource') && documents.has(message.location().url);
    if (message.type() === 'error' && !ofDocument) {
      complain(`its console says: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complain(`its code failed: ${error.error().message}`));
  context.on('dialog', (dialog) => {
    complain(`it opened a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
}

/** What axe-core finds on a page that keeps somebody from using it. */
export async function barriersOn(page: Page): Promise<string[]> {
  // The policy of the page lets no script in; the browser's own door is another one.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    return (await run({ resultTypes: ['violations'] })).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html, failureSummary }) => {
        const why = (failureSummary ?? '').split('\n').slice(1).join(' ').trim();
        return `${id} (${impact}): ${html.slice(0, 200)} ${why.slice(0, 250)}`;
      }),
    );
}

/** By how much what was shown has moved since the page came, as browsers reckon it; 0: not at all. */
export async function shifted(page: Page): Promise<number> {
  const notLive = page.locator('[data-live-state]').filter({ hasNotText: /^\s*live\s*$/ });
  await notLive.first().waitFor({ state: 'detached' });
  return page.evaluate(`new Promise((done) => {
    let sum = 0;
    const take = (entries) => entries.forEach(({ value }) => { sum += value; });
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => {
      take(observer.takeRecords());
      done(sum);
    }));
  })`);
}

/** How far the page itself reaches beyond the window, in CSS pixels. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}

/** Signs in with a key, from whatever page asks for it. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForLoadState();
}
