/** What a channel may use to tell. */
import type { Fetcher } from '../../fetch/fetcher.ts';

export interface ChannelMeans {
  fetcher: Pick<Fetcher, 'post'>;
  /** Writes one structured line to the service's log. */
  log(fields: object, text: string): void;
}
