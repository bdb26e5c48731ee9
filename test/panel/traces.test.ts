/** The list of traces: filtered by what is typed, a page at a time, and never more than was asked for. */
import { describe, expect, it } from 'vitest';
import { blobNamed, serviceUnderTest, sharedService } from '../http/service-under-test.ts';
import { artifactNamed, history, see, send } from './traced.ts';

const service = sharedService();
const list = (q: string, rest: Record<string, string> = {}) =>
  see(service, `/traces?${new URLSearchParams({ q, ...rest })}`);

const HOSTILE = '<script>alert(1)</script>';

/** One label to a test. */
async function volatility(label: string): Promise<void> {
  await history(service, label, ['a', 0], ['a', 30], ['b', 60], ['b', 90]);
  await send(
    service,
    { id: `${label}-sure`, label, second: 10, decision: 'CLEAR' },
    { id: `${label}-open`, label, second: 45, decision: 'HOLD for review' },
    { id: `${label}-other`, label, second: 70, decision: HOSTILE, blobId: blobNamed('z') },
  );
}

describe('the list of traces', () => {
  it('shows each with its label, what is under it, and how certain that is, newest first', async () => {
    await volatility('list/a');
    const { text, status, html } = await list('label:list/a');
    expect(status).toBe(200);
    const [other, open, sure] = ['list/a-other', 'list/a-open', 'list/a-sure'].map((id) =>
      text.indexOf(id),
    );
    expect(other).toBeLessThan(open!);
    expect(open).toBeLessThan(sure!);
    expect(text).toContain(
      `2026-11-17 10:00:10 UTC list/a ${artifactNamed('a').slice(7, 19)} bracketed CLEAR 200 ms list/a-sure`,
    );
    expect(text).toMatch(/one of 2 ambiguous\s+HOLD for review/);
    expect(text).toMatch(/not known declared ?conflict/);
    expect(html).not.toContain(HOSTILE);
  });

  it('is filtered by all that is typed together', async () => {
    await volatility('list/b');
    const { text } = await list('label:list/b* certainty:ambiguous decision:"HOLD for review"');
    expect(text).toContain('list/b-open');
    expect(text).not.toContain('list/b-sure');
    expect((await list('label:list/b conflict:yes')).text).toContain('list/b-other');
    expect((await list('label:list/b before:2026-11-17')).text).toContain('No trace fits');
  });

  it('takes days in the zone that was chosen', async () => {
    await volatility('list/zone');
    const cookie = `underlabel_view=${encodeURIComponent('zone=Pacific/Auckland&theme=system')}`;
    const path = (line: string) =>
      `/traces?${new URLSearchParams({ q: `label:list/zone ${line}` })}`;
    // There it is 23:00 of the 17th.
    const { text } = await see(service, path('before:2026-11-17T23:00:30'), { cookie });
    expect(text).toContain('2026-11-17 23:00:10');
    expect(text).not.toContain('list/zone-open');
  });

  it('shows nothing where the filter can not be read, tells where it is wrong, and offers what may be meant', async () => {
    await volatility('list/c');
    const { text, links, status, html } = await list('label:list/c certanty:ambiguous');
    expect(status).toBe(400);
    expect(text).toContain('nothing is shown');
    expect(text).toMatch(/certanty:ambiguous \(character 14\) .* did you mean certainty:ambiguous/);
    expect(text).not.toContain('list/c-sure');
    expect(html).toContain('value="label:list/c certanty:ambiguous"');
    expect(html).toContain('aria-invalid="true"');
    const corrected = links.find(
      (link) => link.includes('certainty%3Aambiguous') && link.includes('list'),
    );
    expect((await see(service, corrected!)).text).toContain('list/c-open');
  });

  it('narrows to a decision or a label with a click, and widens again', async () => {
    await volatility('list/d');
    const { links } = await list('label:list/d*');
    const narrowed = links.find(
      (link) => link.includes('HOLD+for+review') && link.includes('list'),
    )!;
    const { text, links: onward } = await see(service, narrowed);
    expect(text).toContain('list/d-open');
    expect(text).not.toContain('list/d-sure');
    const wider = onward.find((link) => link === '/traces?q=label%3Alist%2Fd*')!;
    expect((await see(service, wider)).text).toContain('list/d-sure');
    expect(links).toContain('/traces?q=label%3Alist%2Fd');
  });

  it('goes on by a place in the URL, through all of them, each once', async () => {
    const label = 'list/long';
    const ids = Array.from({ length: 120 }, (_, i) => `${label}-${String(i).padStart(3, '0')}`);
    // Three at each instant, so that pages end within one.
    await send(service, ...ids.map((id, i) => ({ id, label, second: Math.floor(i / 3) })));
    const seen: string[] = [];
    let path: string | undefined = `/traces?q=label:${label}`;
    while (path !== undefined) {
      const { html, text } = await see(service, path);
      const found = text.match(/list\/long-\d{3}/g) ?? [];
      expect(found.length).toBeLessThanOrEqual(50);
      seen.push(...found);
      expect(html.length).toBeLessThan(100_000);
      path = /<a href="([^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect((await list('', { cursor: 'x' })).text).toContain('names no place in the list');
  });

  it('asks whether a registered label was meant, and says what to do where there is nothing', async () => {
    await volatility('list/near');
    expect((await list('label:list/naer')).text).toContain('Did you mean list/near?');
    const empty = await serviceUnderTest();
    expect((await see(empty, '/traces')).text).toContain('No trace was recorded yet.');
  });

  it('gives the same set as JSON lines', async () => {
    await volatility('list/export');
    const { links } = await list(
      'label:list/export certainty:ambiguous after:2026-11-17 conflict:no',
    );
    const path = links.find((link) => link.startsWith('/api/v1/traces/export'))!;
    const { status, text } = await service.ask('GET', path);
    expect(status).toBe(200);
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(rows).toEqual(['list/export-open']);
  });

  it('is live where it is asked to be, and not where it stands in the past', async () => {
    await volatility('list/live');
    const { html, text } = await list('label:list/live decision:CLEAR', { live: '1' });
    const from = /data-live-from="([^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');
    expect(from).toBe('/api/v1/traces/stream?label=list%2Flive&decision=CLEAR&fields=id');
    expect(text).toContain('not live yet');
    expect((await list('label:list/live')).html).not.toContain('data-live-from');
    expect((await list('lable:x', { live: '1' })).html).not.toContain('data-live-from');
    const older = Buffer.from('{"startedAt":1,"id":"a"}').toString('base64url');
    expect((await list('', { live: '1', cursor: older })).html).not.toContain('data-live-from');
  });
});
