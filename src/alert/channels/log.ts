/** A channel that writes each event to the service's log, a line each. */
import type { CloudEventJson } from '../../contract/event.ts';
import type { Channel } from '../channel.ts';
import type { ChannelMeans } from './means.ts';

export function logChannel(_target: { kind: 'log' }, { log }: ChannelMeans): Channel {
  return {
    async send({ body }, signal) {
      signal.throwIfAborted();
      const event = JSON.parse(body.toString()) as CloudEventJson;
      log({ event }, `${event.type}: ${event.subject}`);
    },
  };
}
