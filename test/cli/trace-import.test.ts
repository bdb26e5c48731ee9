import { describe, expect, it } from 'vitest';
import { Service } from '../../src/cli/client.ts';
import type { Line } from '../../src/cli/ndjson.ts';
import { type Rejection, TraceImport } from '../../src/cli/trace-import.ts';
import { service } from './underlabel.ts';

const trace = (id: string, more = '') =>
  `{"id":"${id}","label":"a","startedAt":"2026-11-17T10:00:00Z","endedAt":"2026-11-17T10:00:01Z"${more}}`;

async function* numbered(texts: Iterable<string>): AsyncGenerator<Line> {
  let number = 0;
  for (const text of texts) yield { number: ++number, text, problem: null };
}

async function imported(url: string, texts: Iterable<string>) {
  const rejections: Rejection[] = [];
  const traces = new TraceImport(new Service(new URL(url), null), (one) => rejections.push(one));
  await traces.run(numbered(texts), () => {});
  return { ...traces.sums, rejections };
}

async function stored(url: string, id: string): Promise<string> {
  return (await fetch(`${url}/api/v1/traces/${id}`)).text();
}

describe('an import', () => {
  it('takes more traces than fit one request, and is harmless twice', async () => {
    const { url } = await service();
    const texts = Array.from({ length: 2500 }, (_, i) => trace(`t${i}`));
    expect(await imported(url, texts)).toMatchObject({
      accepted: 2500,
      duplicates: 0,
      rejected: 0,
    });
    expect(await imported(url, texts)).toMatchObject({
      accepted: 0,
      duplicates: 2500,
      rejected: 0,
    });
  });

  it('sends numbers as they were written', async () => {
    const { url } = await service();
    const output = '{"risk":1.0,"big":12345678901234567890}';
    await imported(url, [trace('t', `,"output":${output}`)]);
    expect(await stored(url, 't')).toContain(`"output":${output}`);
  });

  it('lets no line break out of its place in the request', async () => {
    const { url } = await service();
    const result = await imported(url, [`${trace('a')},${trace('b')}`, `${trace('c')}]}`, '']);
    expect(result).toMatchObject({ accepted: 0, rejected: 2 });
    expect(result.rejections.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^not JSON \(at character \d+\)$/),
      expect.stringMatching(/^not JSON \(at character \d+\)$/),
    ]);
  });

  it('loses none of the others where one line spoils its request', async () => {
    const { url } = await service();
    const deep = trace('deep', `,"input":${'['.repeat(300)}${']'.repeat(300)}`);
    const texts = [trace('a'), trace('b'), deep, '{"label":"a"}', trace('c')];
    const { accepted, rejections } = await imported(url, texts);
    expect(accepted).toBe(3);
    expect(rejections.map(({ line, path }) => [line, path])).toEqual([
      [3, ''],
      [4, 'startedAt'],
    ]);
  });

  it('makes requests small enough for a service that takes less at once', async () => {
    const { url } = await service({ maxBodyBytes: 2000 });
    const big = trace('big', `,"input":"${'x'.repeat(3000)}"`);
    const texts = [...Array.from({ length: 40 }, (_, i) => trace(`t${i}`)), big];
    const { accepted, rejections } = await imported(url, texts);
    expect(accepted).toBe(40);
    expect(rejections.map(({ line }) => line)).toEqual([41]);
  });
});
