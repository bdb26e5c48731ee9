/** What routes and pages ask of those who look after blobs. */
import type { BlobId } from '../lineage/manifest.ts';
import type { RecordedRun } from '../store/blob.ts';
import type { ChainProblem } from './chain-watch.ts';

export interface BlobDesk {
  /** Fetches and checks the bytes now, or joins the run under way; null where no network is set to fetch from. */
  verifyNow(blobId: BlobId): Promise<RecordedRun> | null;
  /** Asks the chain about it now; what stands in the way is then in `chainProblem`. */
  askChainNow(blobId: BlobId): Promise<void>;
  /** Why nothing newer is known of the chain; null where nothing stands in the way. */
  chainProblem(blobId: BlobId): ChainProblem | null;
  /**
   * Looks into the beginning of files of which nothing was seen yet, where that can be had and says
   * enough. What comes of it is stored, as an aggregator's unverified word.
   */
  peek(files: readonly { path: string; blobId: BlobId }[], signal: AbortSignal): Promise<void>;
}

/** Where there is no network to fetch from. */
export const NO_NETWORK_IS_SET =
  'no Walrus network is set, so nothing can be fetched and checked; set UNDERLABEL_WALRUS and start the service again';
