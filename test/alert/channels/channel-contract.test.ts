/** What every channel keeps to, whatever it tells through. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/alert/channel.ts';
import { openChannel } from '../../../src/alert/channels/index.ts';
import { eventBody } from '../../../src/alert/cloud-event.ts';
import { newSecret } from '../../../src/alert/secret.ts';
import type { CloudEventJson } from '../../../src/contract/event.ts';
import type { ChannelTarget } from '../../../src/store/outbox.ts';
import { fetcher, never } from '../../fetch/opened.ts';
import { START } from '../../store/opened.ts';
import { event, TYPES } from '../events.ts';
import { receiver } from '../receiver.ts';

interface Opened {
  target: ChannelTarget;
  told(): CloudEventJson[];
}

const lines: { fields: object; text: string }[] = [];
const log = (fields: object, text: string) => lines.push({ fields, text });

const KINDS: Record<ChannelTarget['kind'], () => Promise<Opened>> = {
  async webhook() {
    const { url, received } = await receiver();
    return { target: { kind: 'webhook', url }, told: () => received.all.map((one) => one.event) };
  },
  async log() {
    lines.length = 0;
    const told = () => lines.map(({ fields }) => (fields as { event: CloudEventJson }).event);
    return { target: { kind: 'log' }, told };
  },
};

describe.each(Object.entries(KINDS))('a %s channel', (_kind, open) => {
  const opened = async () => {
    const { target, told } = await open();
    return { channel: openChannel(target, { fetcher: fetcher(), log }), told };
  };
  const message = (body: Buffer): Message => {
    return { id: 'one', sentAt: START, body, secrets: [newSecret(), newSecret()] };
  };

  it('tells every type of event, whole', async () => {
    const { channel, told } = await opened();
    const bodies = TYPES.map((type) => eventBody(event(type)));
    for (const body of bodies) await channel.send(message(body), never());
    expect(told()).toEqual(bodies.map((body) => JSON.parse(body.toString())));
  });

  it('tells again what it is told to, and leaves repeats to the receiver', async () => {
    const { channel, told } = await opened();
    const body = eventBody(event('underlabel.channel.test'));
    await channel.send(message(body), never());
    await channel.send(message(body), never());
    expect(told()).toHaveLength(2);
  });

  it('needs no secret', async () => {
    const { channel, told } = await opened();
    const body = eventBody(event('underlabel.channel.test'));
    await channel.send({ ...message(body), secrets: [] }, never());
    expect(told()).toHaveLength(1);
  });

  it('tells nothing after an abort, and hands back its reason', async () => {
    const { channel, told } = await opened();
    const reason = new Error('enough');
    const body = eventBody(event('underlabel.channel.test'));
    const sent = channel.send(message(body), AbortSignal.abort(reason));
    await expect(sent).rejects.toBe(reason);
    expect(told()).toEqual([]);
  });

  it('shows no secret', async () => {
    const { channel, told } = await opened();
    const told1 = message(eventBody(event('underlabel.channel.test')));
    await channel.send(told1, never());
    const shown = JSON.stringify([told(), lines]);
    for (const secret of told1.secrets) expect(shown).not.toContain(secret.slice(6));
  });
});
