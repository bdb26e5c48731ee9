/** Every kind of channel. A new kind is a file beside this one, and a line here. */
import type { ChannelTarget } from '../../store/outbox.ts';
import type { Channel } from '../channel.ts';
import { logChannel } from './log.ts';
import type { ChannelMeans } from './means.ts';
import { webhook } from './webhook.ts';

export type ChannelKind = ChannelTarget['kind'];

type Open<Kind extends ChannelKind> = (
  target: Extract<ChannelTarget, { kind: Kind }>,
  means: ChannelMeans,
) => Channel;

const KINDS: { [Kind in ChannelKind]: Open<Kind> } = { webhook, log: logChannel };

export function openChannel(target: ChannelTarget, means: ChannelMeans): Channel {
  return (KINDS[target.kind] as Open<ChannelKind>)(target, means);
}
