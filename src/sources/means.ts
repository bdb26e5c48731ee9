/** What a source may use to read. */
import type { Fetcher } from '../fetch/fetcher.ts';
import type { LastReadings } from './last-readings.ts';
import type { SuiReader } from './sui-reader.ts';

export interface Means {
  fetcher: Fetcher;
  /** The folder that `file:` URLs may read; null: none. */
  allowFiles: string | null;
  lastReadings: LastReadings;
  /** The one chain that is read; null: none is configured. */
  sui: SuiReader | null;
}
