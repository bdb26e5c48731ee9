/** A page that says what is not there leads on to what is. */
import { expect, it } from 'vitest';
import { appUnderTest } from '../http/app-under-test.ts';

const HTML = { accept: 'text/html' };

it.each([
  ['/changes/9-9', '/changes', 'All changes'],
  ['/alerts/channels/none', '/alerts', 'All channels'],
  ['/alerts/deliveries/7', '/alerts#deliveries', 'All deliveries'],
  ['/diffs/none', '/diffs', 'All diffs that are kept'],
])('%s leads on to %s', async (path, link, words) => {
  const { ask } = await appUnderTest();
  const { status, text } = await ask('GET', path, undefined, HTML);
  expect(status).toBe(404);
  expect(text).toContain(`<p><a href="${link}">${words}</a></p>`);
  expect((await ask('GET', link, undefined, HTML)).status).toBe(200);
});

it('a problem that nothing in particular helps with leads to the labels alone', async () => {
  const { ask } = await appUnderTest();
  const { text } = await ask('GET', '/none', undefined, HTML);
  const main = /<main[\s\S]*<\/main>/.exec(text)![0];
  expect(main.match(/<a /g)).toHaveLength(1);
  expect(main).toContain('<a href="/">All labels</a>');
});
