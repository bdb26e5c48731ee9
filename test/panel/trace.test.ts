/** A trace: what produced it, on what grounds, what was known when, and all that came with it, harmless to look at. */
import { describe, expect, it } from 'vitest';
import { idOf, sendSpans } from '../http/otlp-spans.ts';
import { blobNamed, sharedService } from '../http/service-under-test.ts';
import { at, history, see, send, unescaped } from './traced.ts';

const service = sharedService();
const show = (id: string, query = '') => see(service, `/traces/${encodeURIComponent(id)}${query}`);

describe('what is said of a trace', () => {
  it('is a sentence with its grounds, and a picture with a table behind it', async () => {
    await history(service, 'say/a', ['a', 0], ['a', 30]);
    await send(service, { id: 'bracketed', label: 'say/a', second: 10, decision: 'HOLD' });
    const { text, html } = await show('bracketed');
    expect(text).toContain(
      'bracketed: read at 2026-11-17 10:00:00.250 before and 10:00:30 UTC after, same artifact both times',
    );
    expect(text).toContain(
      'Reading before: asked, answered 2026-11-17 10:00:00 UTC 2026-11-17 10:00:00.250 UTC',
    );
    expect(html).toContain('role="img"');
    expect(html).not.toMatch(/ style=/);
    expect(text).toMatch(/say\/a ?: it was sent with it/);
  });

  it('names all candidates and the window of the change where it is ambiguous', async () => {
    await history(service, 'say/b', ['a', 0], ['b', 30]);
    await send(service, { id: 'ambiguous', label: 'say/b', second: 10 });
    const { text, html } = await show('ambiguous');
    expect(text).toContain(
      'it changed between 2026-11-17 10:00:00 and 10:00:30.250 UTC, so it is one of 2',
    );
    expect(text).toContain('Candidates, in order of time:');
    expect(html).toContain('url(#around-hatch)');
  });

  it('tells of a conflict in words, and how the named blob stands', async () => {
    await history(service, 'say/c', ['a', 0], ['a', 30]);
    await send(service, { id: 'conflict', label: 'say/c', second: 10, blobId: blobNamed('z') });
    const { text, links } = await show('conflict');
    expect(text).toContain('no artifact that the readings allow holds it');
    expect(text).toContain('unchecked');
    expect(links).toContain(`/blobs/${blobNamed('z')}`);
  });

  it('says what to do where nobody registered the label, and where no label has it', async () => {
    await send(service, { id: 'nobody', label: 'say/nobody' });
    expect((await show('nobody')).text).toContain('underlabel label add say/nobody --source KIND');
    const span = { n: 7, trace: 5, startedAt: Date.parse(at(0)), requestModel: 'gpt-4o' };
    await sendSpans(service.url, span);
    const { text, links } = await show(idOf(span));
    expect(text).toContain('unmapped: no label has it');
    expect(text).toContain('asked for gpt-4o');
    expect(links).toContain('/unmapped');
  });

  it('is told in the zone that was chosen', async () => {
    await history(service, 'say/zone', ['a', 0], ['a', 30]);
    await send(service, { id: 'zoned', label: 'say/zone', second: 10 });
    const cookie = `underlabel_view=${encodeURIComponent('zone=Asia/Tokyo&theme=dark')}`;
    const { text } = await see(service, '/traces/zoned', { cookie });
    expect(text).toContain('read at 2026-11-17 19:00:00.250 before and 19:00:30 GMT+9 after');
  });
});

describe('what was known of a trace at a time', () => {
  it('stands beside what is known now, where they differ', async () => {
    await history(service, 'known/a', ['a', 0]);
    await send(service, { id: 'then', label: 'known/a', second: 10 });
    const { json } = await service.ask('GET', '/api/v1/traces/then');
    await history(service, 'known/a', ['b', 30]);
    const { text } = await show('then', `?asOf=${json.recordedAt}`);
    expect(text).toContain('provisional: read at');
    expect(text).toMatch(/Certainty provisional ambiguous/);
    expect(text).toMatch(/Reading after none asked 2026-11-17 10:00:30 UTC/);
    expect((await show('then')).text).toContain('ambiguous: it changed between');
  });

  it('says so where nothing differs, where the trace came later, and where the time is ahead', async () => {
    await history(service, 'known/b', ['a', 0], ['a', 30]);
    await send(service, { id: 'same', label: 'known/b', second: 10 });
    const ahead = await show('same', '?asOf=2999-01-01');
    expect(ahead.text).toContain('That time is ahead');
    expect(ahead.text).toContain('Nothing that became known since changes');
    expect((await show('same', `?asOf=${at(20)}`)).text).toContain(
      'The trace itself was recorded later',
    );
  });

  it('keeps what was typed where that is no time, and shows what is known now', async () => {
    await send(service, { id: 'typed', label: 'known/c' });
    const { text, html, status } = await show('typed', '?asOf=thursday');
    expect(status).toBe(400);
    expect(text).toContain('such as 2026-11-19');
    expect(html).toContain('value="thursday"');
    expect(text).not.toContain('As it was known');
  });

  it('is asked for in the same field as everywhere, with the hint of what may be typed', async () => {
    await send(service, { id: 'fielded', label: 'known/e' });
    const { html, text } = await show('fielded', '?asOf=2026-11-17+11:00');
    expect(html).not.toContain('datetime-local');
    expect(html).toContain('value="2026-11-17 11:00"');
    expect(html).toContain('action="/traces/fielded"');
    expect(text).toContain('such as 2026-11-19, 2026-11-19 09:00 (UTC)');
  });

  it('is one click away for the times that matter', async () => {
    await send(service, { id: 'clicked', label: 'known/d' });
    const { links } = await show('clicked');
    expect(links).toContain(`/traces/clicked?${new URLSearchParams({ asOf: at(60.2) })}`);
  });
});

describe('what went in and came out', () => {
  const raw = (id: string, part: string, query = '') =>
    service.ask('GET', `/traces/${encodeURIComponent(id)}/${part}${query}`);

  it('is a tree where it is JSON, and a text where it is one', async () => {
    const input = { messages: [{ role: 'user', content: 'one\ntwo' }], temperature: 0.5 };
    await send(service, { id: 'texts', label: 'texts/a', input, output: 'Yes.\nNo.' });
    const { text, html } = await show('texts');
    expect(text).toContain('messages: [ 1 item ]');
    expect(text).toContain('role: "user"');
    expect(text).toContain('temperature: 0.5');
    expect(html).toContain('<div class="text">Yes.\nNo.</div>');
  });

  it('is cut where it is long, with the whole a link away', async () => {
    const output = `${'long '.repeat(100_000)}end`;
    await send(service, { id: 'long', label: 'texts/b', output });
    const { html, text, links } = await show('long');
    expect(html.length).toBeLessThan(100_000);
    expect(text).toContain('It is longer, and cut here.');
    expect(links).toContain('/traces/long/output');
    expect((await raw('long', 'output')).text).toBe(JSON.stringify(output));
    expect((await raw('long', 'output', '?as=text')).text).toBe(output);
  });

  it('is never more than text to a browser, as it was received', async () => {
    const input = { html: '<script>alert(1)</script>' };
    await send(service, { id: 'a"\'/é', label: 'texts/c', input });
    const { headers, text } = await raw('a"\'/é', 'input');
    expect(text).toBe(JSON.stringify(input));
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-disposition')).toBe('inline; filename="input-a-.txt"');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await raw('a"\'/é', 'output')).status).toBe(404);
  });

  it('is inert, whatever it is', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202eDLOH\u0000"\'&';
    const deep = `${'['.repeat(150)}${']'.repeat(150)}`;
    const body = `{"traces":[{"id":"hostile","label":"texts/d","startedAt":"${at(0)}","endedAt":"${at(1)}","input":{"a":${deep},${JSON.stringify(hostile)}:${JSON.stringify(hostile)}},"output":${JSON.stringify('['.repeat(10_000))},"decision":${JSON.stringify('\u202eHOLD</td><script>')},"context":${JSON.stringify(hostile)},"attributes":{"underlabel.span":{"name":7}}}]}`;
    const sent = await service.ask('POST', '/api/v1/traces', body);
    expect(sent.json.accepted).toBe(1);
    for (const path of ['/traces/hostile', '/traces?q=label:texts/d']) {
      const { html, text } = await see(service, path);
      expect(html).not.toContain('<img');
      expect(html.match(/<script/g)).toHaveLength(1);
      expect(html).not.toContain('\u202e');
      expect(html).not.toContain('\0');
      expect(text).toContain('⟨U+202E⟩HOLD</td>');
    }
  });
});

describe('ids of traces', () => {
  it.each([
    '.',
    '..',
    '../..',
    'a/b?c#d',
    '%2e%2e',
    '100%',
    'é ☃ 𝒳',
    '"><script>',
    'x'.repeat(200),
    '☃'.repeat(200),
  ])('lead to the page and to the texts, whatever they are: %s', async (id) => {
    const label = `ids/${Buffer.from(id).toString('hex').slice(0, 60)}`;
    await send(service, { id, label, input: { is: id } });
    const listed = await see(service, `/traces?q=label:${label}`);
    const path = listed.links.find((link) => /^\/(traces\/|trace\?)/.test(link))!;
    const page = await see(service, path);
    expect(page.status).toBe(200);
    expect(unescaped(/data-copy="([^"]*)"/.exec(page.html)![1]!)).toBe(id);
    const text = page.links.find((link) => /input(\?|$)/.test(link))!;
    expect((await service.ask('GET', text)).text).toBe(JSON.stringify({ is: id }));
    // The form asks for the same trace, where its id can't be a part of a path as well.
    const action = unescaped(/<form method="get" action="([^"]*)"/.exec(page.html)![1]!);
    const kept = /<input type="hidden" name="id" value="([^"]*)"/.exec(page.html)?.[1];
    const query = new URLSearchParams({ ...(kept ? { id: unescaped(kept) } : {}), asOf: at(5) });
    expect((await see(service, `${action}?${query}`)).text).toContain('As it was known');
    const preset = page.links.find((link) => link.includes('asOf='))!;
    expect((await see(service, preset)).text).toContain('As it was known');
  });

  it('that nobody sent are told so, and what may have become of them', async () => {
    const { status, text } = await show(`none<b>${'x'.repeat(300)}`);
    expect(status).toBe(404);
    expect(text).toContain("No trace with the id 'none<b>xxx");
    expect(text).toContain('keepTraces');
  });
});

describe('what stood around a trace', () => {
  it('is a tree of spans with the trace at its place', async () => {
    const B = Date.parse(at(0));
    const inference = { n: 2, trace: 9, parent: 1, startedAt: B + 5, requestModel: 'gpt-4o' };
    await sendSpans(
      service.url,
      inference,
      { n: 3, trace: 9, parent: 2, startedAt: B + 6, name: 'retry<b>', status: 2, service: 'desk' },
      { n: 1, trace: 9, startedAt: B, endedAt: B + 100, name: 'POST /chat', status: 1 },
    );
    const { text } = await show(idOf(inference));
    expect(text).toMatch(
      /POST \/chat .*· level 2 this trace: span 2 .*· · level 3 retry<b> desk .* error/,
    );
  });

  it('comes to an end where spans go round, and stays small where there are many', async () => {
    const B = Date.parse(at(0));
    const inference = { n: 200, trace: 10, parent: 1, startedAt: B + 9000, requestModel: 'gpt-4o' };
    const spans = Array.from({ length: 150 }, (_, i) => ({
      n: i + 1,
      trace: 10,
      parent: i === 0 ? 150 : i,
      startedAt: B + i,
    }));
    await sendSpans(service.url, inference, ...spans);
    const { text, html } = await show(idOf(inference));
    expect(text).toContain('and 51 more spans');
    expect(text).toContain('this trace: span 200');
    expect(html.length).toBeLessThan(100_000);
  });
});
