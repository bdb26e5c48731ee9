/** The beginning of a blob, for whoever wants to look at no more of it. */
import type { DownloadHead, Fetcher } from '../../fetch/fetcher.ts';
import type { Patience } from '../../fetch/silence.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import type { AggregatorAddress } from './aggregator-address.ts';
import { noAggregator, Unavailable, unavailable } from './unavailable.ts';

/** UNVERIFIED: the words of one aggregator. */
export interface BlobPrefix {
  /** As many as were asked for, or all there are. */
  bytes: Buffer;
  /** Of the whole blob; null where the aggregator doesn't say. */
  size: number | null;
  /** Origin of who served it. */
  aggregator: string;
}

export interface PrefixMeans extends Patience {
  fetcher: Fetcher;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * From the first aggregator that serves it.
 * @throws Unavailable, of the last one asked; the signal's reason
 */
export async function readPrefix(
  addresses: readonly AggregatorAddress[],
  blobId: BlobId,
  bytes: number,
  means: PrefixMeans,
): Promise<BlobPrefix> {
  let failure = noAggregator();
  for (const { origin, blobUrl } of addresses) {
    try {
      return { ...(await prefixAt(blobUrl(blobId), bytes, means)), aggregator: origin };
    } catch (error) {
      means.signal.throwIfAborted();
      failure = unavailable(error, bytes);
    }
  }
  throw failure;
}

async function prefixAt(
  url: URL,
  wanted: number,
  { fetcher, ...bounds }: PrefixMeans,
): Promise<{ bytes: Buffer; size: number | null }> {
  const chunks: Buffer[] = [];
  const head = await fetcher.download(url, {
    ...{ ...bounds, from: 0, to: wanted - 1, maxBytes: wanted, cutAtMax: true },
    alsoStatus: [416],
    onHead: (answered) => checkHead(url, answered, wanted),
    onChunk: (chunk) => {
      chunks.push(chunk);
    },
  });
  if (head.status === 416) return { bytes: Buffer.alloc(0), size: 0 };
  const bytes = Buffer.concat(chunks);
  if (head.status === 206) {
    const { part, total } = head.range!;
    const most = total === null ? part!.last + 1 : Math.min(wanted, total);
    if (bytes.length < most) throw cutShort(url, bytes.length);
    return { bytes: bytes.subarray(0, part!.last + 1), size: total };
  }
  const ended = bytes.length < wanted && head.saysItsEnd;
  return { bytes, size: head.contentLength ?? (ended ? bytes.length : null) };
}

/** Nothing lies there only where the blob is empty. */
function checkHead(url: URL, { status, range }: DownloadHead, wanted: number): void {
  if (status === 200) return;
  if (status === 416 && range?.part === null && range.total === 0) return;
  if (status === 206 && range?.part?.first === 0 && range.part.last < wanted) return;
  const message = `${url.origin} answered with another part of the blob than its first ${wanted} bytes. Check the address of the aggregator.`;
  throw new Unavailable('http-status', message);
}

function cutShort(url: URL, bytes: number): Unavailable {
  const message = `${url.origin} served only ${bytes} bytes of those asked for, and says that there are more. It may work later.`;
  return new Unavailable('truncated', message);
}
