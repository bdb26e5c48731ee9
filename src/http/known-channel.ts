/** Channels by the names that people type, with "did you mean". */
import type { StoredChannel } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { nearest } from '../words/nearest.ts';
import { ProblemError } from './problem.ts';

/** @throws ProblemError unknown-channel */
export async function knownChannel(
  store: Pick<Store, 'channel' | 'channels'>,
  name: string,
): Promise<StoredChannel> {
  const channel = await store.channel(name);
  if (channel) return channel;
  const names = (await store.channels()).map((one) => one.name);
  const near = nearest(name, names);
  const hint = near ? `; did you mean '${near}'?` : '; make it with PUT /api/v1/channels/{name}';
  throw new ProblemError('unknown-channel', `no channel '${name}'${hint}`);
}
