/** Whatever comes from outside, pages stay pages: nothing runs, nothing is fetched, nothing misleads. */
import { expect, it } from 'vitest';
import { describeInBrowser, overhang } from './browser.ts';
import { kindOf, pagesOf } from './crawl.ts';
import { hostileApp } from './hostile-corpus.ts';

const MOST_BYTES = 100_000;
/** What turns the direction of text, hides, or ends lines: spelled out wherever it is shown. */
const UNSEEN = /[\0\u0085\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/;
/** What is in a field is sent as it is. */
const FIELDS = /<textarea[^>]*>[^<]*<\/textarea>|<input [^>]*>/g;
const KINDS = [
  '/',
  '/labels/*',
  '/traces',
  '/traces/*',
  '/diffs',
  '/diffs/*',
  '/changes',
  '/changes/*',
  '/artifacts/*',
  '/blobs/*',
  '/compare/*/*',
  '/alerts',
  '/alerts/*/*',
  '/unmapped',
];

it('pages stay small and show what can not be seen, whatever is in them', async () => {
  const { url, errors } = await hostileApp(true);
  const pages = await pagesOf(url, 5);
  const wrong = pages.flatMap(({ path, status, html }) => {
    const bytes = Buffer.byteLength(html);
    const shown = html.replace(FIELDS, '');
    const unseen = UNSEEN.exec(shown);
    const scripts = html.match(/<script/gi)?.length;
    return [
      ...(status === 200 ? [] : [`${path} is answered with ${status}`]),
      ...(bytes > MOST_BYTES ? [`${path} has ${bytes} bytes`] : []),
      ...(unseen ? [`${path} hides ${JSON.stringify(around(shown, unseen.index))}`] : []),
      ...(scripts === 1 ? [] : [`${path} has ${scripts} scripts`]),
    ];
  });
  expect(wrong).toEqual([]);
  const found = new Set(pages.map(({ path }) => kindOf(path).replace(/\?.*/, '')));
  expect(KINDS.filter((kind) => !found.has(kind))).toEqual([]);
  expect(errors).toEqual([]);
});

const around = (text: string, at: number) => text.slice(Math.max(0, at - 60), at + 20);

describeInBrowser('a browser that reads what means harm', (browser) => {
  it('runs none of it, asks nobody, finds no markup but the panel’s own, and stays in its window', async () => {
    const { url } = await hostileApp();
    const page = await browser.open({ url, width: 320 });
    for (const { path } of await pagesOf(url, 2)) {
      await page.goto(path);
      const found = await page.evaluate(FOREIGN);
      const beyond = await overhang(page);
      expect([path, found, beyond]).toEqual([path, { ran: null, foreign: [] }, 0]);
    }
  });
});

/** In the page: what ran, and what no page of the panel has. */
const FOREIGN = `({
  ran: window.ran ?? null,
  foreign: [...document.querySelectorAll('*')].flatMap((element) => {
    const isOwn = !/^(IMG|IFRAME|OBJECT|EMBED|STYLE|BASE|VIDEO|AUDIO)$/i.test(element.tagName);
    const bad = [...element.attributes].filter(({ name, value }) =>
      /^on/i.test(name) || name === 'style' || name === 'autofocus' ||
      (/^(href|src|action|formaction|xlink:href|data-live-from)$/.test(name) &&
        new URL(value, location.href).origin !== location.origin));
    return isOwn && bad.length === 0 ? [] : [element.outerHTML.slice(0, 200)];
  }),
})`;
