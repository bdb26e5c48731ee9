/** What a source may use to read. */
import type { Fetcher } from '../fetch/fetcher.ts';

export interface Means {
  fetcher: Fetcher;
  /** The folder that `file:` URLs may read; null: none. */
  allowFiles: string | null;
}
