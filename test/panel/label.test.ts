import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/store/trace-count.ts';
import { appUnderTest } from '../http/app-under-test.ts';
import { blobNamed, filesNamed, labelPath, sharedService } from '../http/service-under-test.ts';
import { files, PUSHED, unhurried } from '../store/opened.ts';

const service = sharedService();
const iso = (at: number) => new Date(at).toISOString();
const html = { accept: 'text/html' };
const page = (name: string, query = '') =>
  service.ask('GET', `/labels/${encodeURIComponent(name)}${query}`, undefined, html);

async function pushed(name: string, readings: [at: number, blob: string | null][]) {
  await service.ask('PUT', labelPath(name), { source: { kind: 'push' } });
  for (const [at, blob] of readings) {
    const times = { requestedAt: iso(at), receivedAt: iso(at + 100) };
    const what = blob === null ? { absent: true } : { files: filesNamed(blob) };
    const path = labelPath(name, '/observations?backfill=true');
    expect((await service.ask('POST', path, { ...times, ...what })).status).toBe(201);
  }
}

async function traced(label: string, told: object[]) {
  const traces = told.map((one) => ({ label, ...one }));
  expect((await service.ask('POST', '/api/v1/traces', { traces })).json.accepted).toBe(told.length);
}

/** A whole hour, so that what is counted by the hour is the same at any minute. */
const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

describe('a label’s page', () => {
  it('shows the artifact under it, its window, its changes and its traces', async () => {
    await pushed('og/risk', [
      [now - 5 * HOUR_MS, 'a'],
      [now - 4 * HOUR_MS, 'a'],
      [now - 2 * HOUR_MS, 'b'],
      [now - HOUR_MS, 'b'],
    ]);
    const at = (hours: number) => ({
      startedAt: iso(now - hours * HOUR_MS),
      endedAt: iso(now - hours * HOUR_MS + 10),
    });
    await traced('og/risk', [
      { ...at(4.5), decision: 'HOLD' },
      { ...at(3), decision: 'HOLD' },
      { ...at(1.5), decision: '\u202eCLEAR' },
      { ...at(1.4), blobId: blobNamed('b') },
    ]);
    const { status, text } = await page('og/risk');
    expect(status).toBe(200);
    expect(text).toContain('model.onnx');
    expect(text).toContain('moved</span>');
    expect(text).toContain('what changed inside');
    for (const words of [
      'HOLD 2',
      '⟨U+202E⟩CLEAR 1',
      'no decision 1',
      'ambiguous 1',
      'bracketed 2',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toContain('declared 1');
    expect(text).toContain('4 traces, in whole steps of 10 minutes. 4 readings.');
    expect(text).toContain('class="window"');
    expect(text).not.toContain('style=');
  });

  it('keeps its range in the URL, and moves by links that keys follow', async () => {
    const query = `?from=${iso(now - 4.5 * HOUR_MS)}&to=${iso(now - 3.5 * HOUR_MS)}`;
    const { text } = await page('og/risk', query);
    expect(text).toContain('1 trace, in whole steps of 2 minutes. 1 reading.');
    // Of the two, the one whose window reaches into it.
    expect(text.match(/what changed inside/g)).toHaveLength(1);
    expect(text).not.toContain('first seen</span>');
    expect(text).toContain('class="window"');
    const calm = `?from=${iso(now - 4.9 * HOUR_MS)}&to=${iso(now - 4.1 * HOUR_MS)}`;
    expect((await page('og/risk', calm)).text).toContain('No change was seen in this time.');
    for (const key of ['+', '-', '[', ']']) expect(text).toContain(`data-key="${key}"`);
  });

  it('says what is wrong with a range, at its field, and keeps what was typed', async () => {
    const { status, text } = await page('og/risk', '?from=%3Cscript%3E');
    expect(status).toBe(200);
    expect(text).toContain('aria-invalid="true"');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script>');
  });

  it('stays small with a thousand changes', async () => {
    const { store, ask } = await appUnderTest();
    unhurried(store);
    await store.putLabel('og/restless', PUSHED, now);
    for (let i = 0; i < 1000; i++) {
      const at = now - 700 * HOUR_MS + i * 2_400_000;
      const held = files('pqr'[i % 3]!);
      const instants = { requestedAt: at, receivedAt: at + 100 };
      await store.recordPush('og/restless', { ...instants, files: held, backfill: true }, now);
    }
    const path = `/labels/${encodeURIComponent('og/restless')}?range=30d`;
    const { text } = await ask('GET', path, undefined, html);
    expect(text.length).toBeLessThan(100_000);
    expect(text).toMatch(/\d+ changes between .*: zoom in/);
    expect(text).toContain('1,000 readings');
  });

  it('tells of a label that nothing was read for', async () => {
    await service.ask('PUT', labelPath('og/silent'), { source: { kind: 'push' } });
    const { text } = await page('og/silent');
    expect(text).toContain('no reading has said anything yet');
  });

  it('stays readable after the label was removed', async () => {
    await pushed('og/gone', [[now - HOUR_MS, 'a']]);
    await service.ask('DELETE', labelPath('og/gone'));
    const { status, text } = await page('og/gone');
    expect(status).toBe(200);
    expect(text).toContain('not watched');
    expect(text).not.toContain('Read now');
  });

  it('is honest about a name that only traces know', async () => {
    await traced('og/unregistered', [{ startedAt: iso(now), endedAt: iso(now) }]);
    const { status, text } = await page('og/unregistered');
    expect(status).toBe(200);
    expect(text).toContain('Nobody registered this label.');
    expect(text).toContain('unobserved 1');
  });

  it('is not there for a name that nobody used, and says which is near', async () => {
    const { status, text } = await page('og/rsk');
    expect(status).toBe(404);
    expect(text).toContain('Did you mean');
    expect((await page('<img src=x onerror=1>')).text).not.toContain('<img');
  });

  it('refuses to read what is pushed', async () => {
    const path = `/labels/${encodeURIComponent('og/risk')}/read`;
    const headers = {
      ...html,
      origin: service.url,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const { status, text } = await service.ask('POST', path, '', headers);
    expect(status).toBe(409);
    expect(text).toContain('Nothing can be read');
  });

  it('says at its head that nothing confirms what stands there', async () => {
    const name = 'og/unreadable';
    const source = { kind: 'manifest', url: 'https://127.0.0.1:1/manifest.json' };
    await service.ask('PUT', labelPath(name), { source, every: '30s' });
    const times = { requestedAt: iso(now - HOUR_MS), receivedAt: iso(now - HOUR_MS + 100) };
    const push = { ...times, files: filesNamed('a') };
    await service.ask('POST', labelPath(name, '/observations?backfill=true'), push);
    await service.ask('POST', labelPath(name, '/observations'));
    const { text } = await page(name);
    const head = text.slice(0, text.indexOf('id="timeline"'));
    for (const word of ['model.onnx', 'failing', 'overdue']) expect(head).toContain(word);
    expect(text).not.toContain('readable</span>');
  });

  it('tells what came of a reading that was asked for, and of no other', async () => {
    const path = `/labels/${encodeURIComponent('og/unreadable')}`;
    const headers = {
      ...html,
      origin: service.url,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const sent = await fetch(`${service.url}${path}/read`, {
      ...{ method: 'POST', headers, body: '', redirect: 'manual' },
    });
    const back = sent.headers.get('location')!.replace(/#.*/, '');
    const told = (await service.ask('GET', back, undefined, html)).text;
    expect(told).toContain('the reading failed');
    for (const query of ['?read=over', '?read=constructor', '?asked=1']) {
      const { text } = await page('og/unreadable', query);
      expect(text).not.toMatch(/It was read|goes on by itself/);
    }
    const { text } = await page('og/silent', `?asked=${Date.now() - 1000}`);
    expect(text).toContain('goes on by itself');
  });
});
