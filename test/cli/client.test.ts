import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { labelPath, Service, tracePath } from '../../src/cli/client.ts';
import { answering, problem } from './answering.ts';

const KEY = 'tr0ub4dor';

async function refusal(url: string, key: string | null = KEY): Promise<string> {
  const error = await new Service(new URL(url), key).get('labels').then(
    () => new Error('was answered'),
    (cause: Error) => cause,
  );
  expect(error.message).not.toContain(KEY);
  return error.message;
}

describe('an answer', () => {
  it('is asked for under the path of the URL, with the key as a Bearer', async () => {
    const url = await answering((request, response) => {
      const { url: path, headers } = request;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ path, authorization: headers.authorization }));
    });
    const answer = await new Service(new URL(`${url}/under/`), KEY).get('labels', {
      from: '2026-11-17T10:00:00+01:00',
      to: undefined,
    });
    expect(answer.body).toEqual({
      path: '/under/api/v1/labels?from=2026-11-17T10%3A00%3A00%2B01%3A00',
      authorization: `Bearer ${KEY}`,
    });
  });
});

describe('an error', () => {
  it('says in words what the service refused', async () => {
    const detail = "no label 'og/eth-vol'; did you mean 'og/eth-volatility'?";
    expect(await refusal(await answering(problem(404, { detail })))).toBe(detail);
  });

  it('names the fields that are wrong, once', async () => {
    const errors = [{ path: 'source.url', message: 'expected an https: URL\x1b[2J' }];
    const repeated = problem(400, { detail: `source.url: ${errors[0]!.message}`, errors });
    expect(await refusal(await answering(repeated))).toBe(
      'No:\n  source.url: expected an https: URL\\u{1b}[2J',
    );
    const further = problem(400, { detail: 'nothing was stored', errors });
    expect(await refusal(await answering(further))).toMatch(/^nothing was stored\n {2}source\.url/);
  });

  it('says where a key goes when none was sent', async () => {
    const url = await answering(problem(401, { detail: 'a key is needed' }));
    expect(await refusal(url, null)).toContain('UNDERLABEL_KEY');
    expect(await refusal(url)).toBe('a key is needed');
  });

  it('says how to start the service where nothing answers', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const text = await refusal(`http://127.0.0.1:${port}`);
    expect(text).toContain('ECONNREFUSED');
    expect(text).toContain("'underlabel serve'");
  });

  it('says so where something else answers, and follows no redirect with the key', async () => {
    const other = await answering((_, response) => response.end('<html>'));
    expect(await refusal(other)).toContain("is not Underlabel's way");
    const asked: string[] = [];
    const target = await answering((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    const redirecting = await answering((_, response) => {
      response.writeHead(302, { location: target }).end();
    });
    expect(await refusal(redirecting)).toContain('answered 302');
    expect(asked).toEqual([]);
  });
});

describe('a path', () => {
  it('holds names encoded, and none that would lead elsewhere', () => {
    expect(labelPath('og/eth@1:2')).toBe('labels/og%2Feth%401%3A2');
    expect(() => labelPath('..')).toThrow("can't be a label");
    expect(tracePath('a/b?c')).toBe('traces/a%2Fb%3Fc');
    expect(() => tracePath('..')).toThrow("can't be asked for");
  });
});
