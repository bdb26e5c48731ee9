/** A credential is sent to its host, and stands nowhere else, whatever the host does with it. */
import fs from 'node:fs';
import { expect, it, vi } from 'vitest';
import { type Handler, serve } from '../fetch/loopback-server.ts';
import { labelPath, serviceUnderTest } from '../http/service-under-test.ts';

const SECRET = 'eyJhbGciOi.top-secret.signature';

const ECHOES: [name: string, echo: Handler][] = [
  ['in a body', () => ({ body: { files: [], said: SECRET } })],
  ['in a body that is no JSON', () => ({ body: `<h1>${SECRET}</h1>` })],
  ['in a body of an error', () => ({ status: 500, body: { detail: SECRET } })],
  ['in a body of a refusal', () => ({ status: 401, body: SECRET })],
  ['in a path of a file', () => ({ body: { files: [{ path: SECRET, blobId: SECRET }] } })],
  ['in where it redirects to', () => ({ status: 302, headers: { location: `/?${SECRET}` } })],
  ['in a header', () => ({ status: 429, headers: { 'retry-after': SECRET, 'x-echo': SECRET } })],
  ['in its encoding', () => ({ headers: { 'content-encoding': SECRET } })],
  ['in a version', () => ({ headers: { etag: `"${SECRET}"` } })],
];

it.each(ECHOES)(
  'a credential that comes back %s is neither logged, kept nor told',
  async (_name, echo) => {
    const log = vi.spyOn(fs, 'writeSync');
    log.mockImplementation((_file, text) => `${text}`.length);
    const server = await serve(echo);
    const service = await serviceUnderTest({
      allowHosts: ['127.0.0.1'],
      credentials: { [server.host]: { bearer: SECRET } },
      logLevel: 'trace',
    });
    const url = `${server.origin}/m.json?key=hidden`;
    await service.ask('PUT', labelPath('a'), { source: { kind: 'manifest', url }, every: '7d' });
    const { json } = await service.ask('POST', labelPath('a', '/observations'));
    expect(json.outcome).toBe('failed');
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    const told = await Promise.all(
      [
        labelPath('a'),
        labelPath('a', '/observations'),
        labelPath('a', '/timeline'),
        '/metrics',
      ].map(async (path) => (await service.ask('GET', path)).text),
    );
    await service.close();
    const logged = log.mock.calls.map(([, text]) => `${text}`).join('');
    log.mockRestore();
    expect(logged).toContain('could not be read');
    const kept = fs
      .readdirSync(service.folder, { recursive: true, encoding: 'latin1' })
      .map((file) => `${service.folder}/${file}`)
      .filter((file) => fs.statSync(file).isFile())
      .map((file) => fs.readFileSync(file, 'latin1'));
    for (const text of [...told, logged, ...kept])
      expect(text.toLowerCase()).not.toContain(SECRET.toLowerCase());
    // The address is the label's, and may be seen; what goes wrong there is told without its query.
    expect(json.error.message).not.toContain('hidden');
    expect(logged).not.toContain('hidden');
  },
);
