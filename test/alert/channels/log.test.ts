import { expect, it } from 'vitest';
import { openChannel } from '../../../src/alert/channels/index.ts';
import { cloudEvent, eventBody } from '../../../src/alert/cloud-event.ts';
import { fetcher, never } from '../../fetch/opened.ts';
import { event, TYPES } from '../events.ts';

it.each(TYPES)(
  '%s is one line, with the event in its fields and its type and subject as text',
  async (type) => {
    const lines: [object, string][] = [];
    const log = (fields: object, text: string) => lines.push([fields, text]);
    const channel = openChannel({ kind: 'log' }, { fetcher: fetcher(), log });
    const told = event(type);
    await channel.send({ id: told.id, sentAt: 0, body: eventBody(told), secrets: [] }, never());
    expect(lines).toEqual([[{ event: cloudEvent(told) }, `${type}: ${told.subject}`]]);
  },
);
