/** Services that are not what they should be: the client takes nothing from them, and never much of it. */
import { pipeline, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { eventually } from '../http/eventually.ts';
import { LABEL, opened, START } from './opened.ts';
import { type History, publishedLabel, publishedTimeline } from './published.ts';
import { type Handler, json, readEvery, standIn } from './stand-in.ts';

const HISTORY: History = { readings: readEvery(30_000, START, (i) => (i < 3 ? 'A' : 'B')) };
type Json = Record<string, unknown>;
const label = (with_: Json = {}) => ({ ...publishedLabel(LABEL, HISTORY), ...with_ });
const timeline = publishedTimeline(HISTORY);
const tenure = (with_: Json) => ({ ...timeline, tenures: [{ ...timeline.tenures[0], ...with_ }] });
const change = (with_: Json) => ({
  ...timeline,
  changes: [timeline.changes[0], { ...timeline.changes[1], ...with_ }],
});

/** Answers the label with one, and the timeline with the other. */
const answering =
  (ofLabel: unknown, ofTimeline: unknown = timeline): Handler =>
  (request, response) => {
    const body = request.url!.includes('/timeline') ? ofTimeline : ofLabel;
    json(body)(request, response);
  };

async function problemWith(handler: Handler) {
  const { client, service, errors } = await opened();
  service.instead = handler;
  const tag = await client.tagWhenLoaded({ label: LABEL }, { withinMs: 60_000 });
  expect(tag).toMatchObject({ certainty: 'unobserved', artifactId: null, candidates: [] });
  expect(errors.map(({ code }) => code)).toEqual([tag.problem?.code]);
  return tag.problem?.code;
}

describe('what is no answer of Underlabel', () => {
  it.each<[string, unknown, unknown?]>([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', []],
    ['nesting without end', '['.repeat(500_000)],
    ['a duration that is none', label({ every: '1 week' })],
    ['a duration that is a number', label({ clockSkew: 2000 })],
    ['no watch', label({ watch: null })],
    ['a current that is a text', label({ current: 'A' })],
    ['a timeline that is a label', label(), label()],
    ['an artifact of another form', label(), tenure({ artifactId: 'sha256:A' })],
    ['a Blob ID of another form', label(), tenure({ blobIds: ['x'] })],
    ['a time without a zone', label(), tenure({ firstSeenAt: '2026-11-17T10:00:00.000' })],
    ['a time that never was', label(), tenure({ lastConfirmedAt: '2026-13-17T10:00:00.000Z' })],
    ['lost stretches that are none', label(), { ...timeline, lost: [{}] }],
    ['changes that lead from elsewhere', label(), change({ from: `sha256:${'c'.repeat(64)}` })],
    ['changes that lead nowhere', label(), change({ to: timeline.changes[0]!.to })],
    ['changes that go back in time', label(), change({ before: '2020-01-01T00:00:00.000Z' })],
    ['a change without a beginning', label(), change({ after: null })],
    ['tenures that are not of the changes', label(), { ...timeline, tenures: [] }],
  ])('is found out: %s', async (_what, ofLabel, ofTimeline) => {
    expect(await problemWith(answering(ofLabel, ofTimeline))).toBe('foreign-answer');
  });

  it.each([
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [500, 'refused'],
  ])('is no answer: status %i', async (status, code) => {
    expect(await problemWith(json('{}', status))).toBe(code);
  });

  it('is a connection that breaks off', async () => {
    expect(await problemWith((request) => request.socket.destroy())).toBe('unreachable');
    const half: Handler = (_, response) => {
      response.write('{"every":');
      setImmediate(() => response.destroy());
    };
    expect(await problemWith(half)).toBe('unreachable');
  });

  it('is a service that is not there', async () => {
    const codes: string[] = [];
    const { url } = await standIn();
    const client = createClient({
      url: url.replace(/\d+$/, '1'),
      onError: ({ code }) => codes.push(code),
    });
    const { problem } = await client.tagWhenLoaded({ label: LABEL });
    expect(problem?.code).toBe('unreachable');
    client.close();
  });
});

describe('an answer without end', () => {
  it('is given up after a mebibyte, and less of the past is asked for next time', async () => {
    const { client, clock, service, errors } = await opened();
    let [sent, given] = [0, 0];
    function* spaces() {
      for (;;) {
        sent += 65_536;
        yield Buffer.alloc(65_536, ' ');
      }
    }
    service.instead = (request, response) => {
      if (!request.url!.includes('/timeline')) return json(label())(request, response);
      given++;
      response.writeHead(200, { 'content-type': 'application/json' });
      pipeline(Readable.from(spaces()), response, () => {});
    };
    const tag = await client.tagWhenLoaded({ label: LABEL });
    expect(tag.problem?.code).toBe('too-large');
    // What was on its way in the sockets' buffers comes on top.
    expect(sent).toBeLessThan(32 * 2 ** 20);
    await clock.pass(1000);
    await eventually(
      () => errors.length,
      (count) => count === 2,
    );
    expect(given).toBe(2);
    const begins = service.asked.flatMap((path) => /from=(.*)/.exec(path)?.[1] ?? []);
    expect(begins).toEqual(['2026-11-17T09:00:01.000Z', '2026-11-17T09:45:02.000Z']);
  });

  it('is not even begun where its length is told', async () => {
    const huge: Handler = (_, response) => {
      response.writeHead(200, { 'content-length': String(10 * 2 ** 30) });
      response.write('{');
    };
    expect(await problemWith(huge)).toBe('too-large');
  });

  it('is given up in time where it only trickles', async () => {
    const { client, clock, service } = await opened();
    const { promise, resolve } = Promise.withResolvers<void>();
    let isClosed = false;
    service.instead = (_, response) => {
      response.on('close', () => {
        isClosed = true;
      });
      response.write('{');
      resolve();
    };
    const tagging = client.tagWhenLoaded({ label: LABEL }, { withinMs: 60_000 });
    await promise;
    await clock.pass(5000);
    expect((await tagging).problem?.code).toBe('timeout');
    await eventually(
      () => isClosed,
      (closed) => closed,
    );
  });
});

describe('the key', () => {
  it('goes to the service, and nowhere that it sends to', async () => {
    const elsewhere = await standIn({ [LABEL]: HISTORY });
    const { client, service } = await opened({ key: 'a-secret-key' });
    for (const status of [301, 302, 303, 307, 308]) {
      service.instead = (request, response) => {
        response.writeHead(status, { location: `${elsewhere.url}${request.url}` }).end();
      };
      const name = `${LABEL}-${status}`;
      const { problem } = await client.tagWhenLoaded({ label: name });
      expect(problem?.code).toBe('redirected');
    }
    expect(service.headers.authorization).toBe('Bearer a-secret-key');
    expect(elsewhere.asked).toEqual([]);
  });

  it('is in no error and no tag', async () => {
    const { client, service, errors } = await opened({ key: 'a-secret-key' });
    service.instead = (request) => request.socket.destroy();
    const tag = await client.tagWhenLoaded({ label: LABEL });
    expect(JSON.stringify(tag)).not.toContain('a-secret-key');
    expect(errors.map(({ message }) => message).join()).not.toContain('a-secret-key');
  });

  it('is left out where there is none, and a path of the url is kept', async () => {
    const service = await standIn();
    service.instead = json('{}', 500);
    const client = createClient({ url: `${service.url}/under/label/?token=x` });
    const { problem } = await client.tagWhenLoaded({ label: 'a/b' });
    expect(service.asked).toEqual(['/under/labellabels/a/b']);
    expect(service.headers.authorization).toBeUndefined();
    expect(problem?.message).not.toContain('token');
    client.close();
  });
});
