import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folder, run, service, start } from './underlabel.ts';

const OLD_NODE =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})";

describe('serve', () => {
  it('says one line, stands in the folder of INIT_CWD, and ends with 0 at a signal', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'underlabel.config.json'), '{"port": 0}');
    const { child, ended, printed, prints } = start(['serve'], { env: { INIT_CWD: cwd } });
    await prints((out) => out.includes('\n'));
    const [line] = printed.out.split('\n') as [string];
    expect(line).toMatch(/^underlabel ready at http:\/\/127\.0\.0\.1:\d+$/);
    const { status } = await fetch(`${line.split(' ').at(-1)}/healthz`);
    expect(status).toBe(200);
    child.kill('SIGTERM');
    const { code, out, err } = await ended;
    expect([code, out]).toEqual([0, `${line}\n`]);
    for (const log of err.split('\n').filter(Boolean)) JSON.parse(log);
  });

  it('does not start with a bad setting, and says which', async () => {
    const { code, out, err } = await run(['serve', '--port', 'http'], { cwd: await folder() });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--port is "http"; accepted: a whole number from 0 to 65535');
  });

  it('does not start open to others without a key', async () => {
    const args = ['serve', '--port', '0', '--host', '0.0.0.0'];
    const { code, err } = await run(args, { cwd: await folder() });
    expect(code).toBe(2);
    expect(err).toContain('UNDERLABEL_KEYS');
    expect(err).not.toContain('    at ');
  });

  it('says who has the port', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const args = ['serve', '--port', String(port)];
    const { code, err } = await start(args, { cwd: await folder() }).ended;
    expect(code).toBe(2);
    expect(err).toContain(`something else listens at 127.0.0.1:${port}`);
  });
});

describe('the program', () => {
  it('says what it needs on an old Node, and loads nothing there', async () => {
    const { code, out, err } = await start(['--help'], { node: ['--import', OLD_NODE] }).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^underlabel needs Node 22\.19 or newer and this is Node 20\.20\.2.*\n$/);
  });

  it('ends with 2 and a suggestion where a command is misspelt', async () => {
    const { code, out, err } = await start(['labl', 'ls']).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Did you mean label?');
  });

  it('ends quietly when nobody reads on', async () => {
    const { child, ended } = start(['--help']);
    child.stdout.destroy();
    const { code, err } = await ended;
    expect([code, err]).toEqual([0, '']);
  });

  it('sends its key, and needs one where the service does', async () => {
    const keys = [{ role: 'read' as const, secret: 'tr0ub4dor' }];
    const { underlabel } = await service({ keys });
    const without = await underlabel(['label', 'ls']);
    expect(without.code).toBe(2);
    expect(without.err).toContain('UNDERLABEL_KEY');
    const withKey = await underlabel(['label', 'ls', '--json'], {
      env: { UNDERLABEL_KEY: 'tr0ub4dor' },
    });
    expect(withKey).toMatchObject({ code: 0, out: '{"items":[],"nextCursor":null}\n', err: '' });
  });
});
