import { describe, expect, it } from 'vitest';
import { type ServerSent, serverSent } from '../../src/cli/server-sent.ts';

async function read(text: string, size = text.length): Promise<ServerSent[]> {
  const bytes = Buffer.from(text);
  async function* parts() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const events: ServerSent[] = [];
  for await (const event of serverSent(parts())) events.push(event);
  return events;
}

const NOTHING = { id: null, data: null, retryMs: null };

describe('server-sent events', () => {
  it('are read whole, however they are cut', async () => {
    const text = 'retry: 3000\nid: 0\n\n:\n\nid: 7\ndata: {"a":\ndata:"é"}\n\n:\nid: 9\n\n';
    for (const size of [text.length + 9, 7, 1]) {
      expect(await read(text, size)).toEqual([
        { id: '0', data: null, retryMs: 3000 },
        NOTHING,
        { id: '7', data: '{"a":\n"é"}', retryMs: null },
        { ...NOTHING, id: '9' },
      ]);
    }
  });

  it('that break off in the middle are none', async () => {
    expect(await read('id: 7\ndata: {"a"')).toEqual([]);
    expect(await read('id: 7\ndata: 1\n')).toEqual([]);
  });

  it('pass over what they do not know', async () => {
    expect(await read('event: x\nretry: soon\nfoo\ndata\n\n')).toEqual([{ ...NOTHING, data: '' }]);
  });

  it('that are no UTF-8 are foreign', async () => {
    async function* parts() {
      yield Buffer.from([0xff, 0x0a]);
    }
    await expect(serverSent(parts()).next()).rejects.toThrow('no stream of Underlabel');
  });
});
