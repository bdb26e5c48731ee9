/** The headers that questions go out with: name, value, name, value … */

export const AGENT = 'underlabel';

const ASKING = [
  ...['accept', 'application/json'],
  ...['accept-encoding', 'gzip'],
  ...['cache-control', 'no-cache'],
  ...['user-agent', AGENT],
];

const DOWNLOADING = [
  ...['accept', '*/*'],
  ...['accept-encoding', 'identity'],
  ...['cache-control', 'no-cache'],
  ...['user-agent', AGENT],
];

/** For an answer that is read whole. */
export function askingHeaders(bearer: string | null, etag: string | null): string[] {
  const headers = [...ASKING];
  if (bearer !== null) headers.push('authorization', `Bearer ${bearer}`);
  if (etag !== null) headers.push('if-none-match', etag);
  return headers;
}

/** For bytes as they are. */
export function downloadHeaders(
  bearer: string | null,
  { from, to }: { from?: number; to?: number },
): string[] {
  const headers = [...DOWNLOADING];
  if (from !== undefined || to !== undefined)
    headers.push('range', `bytes=${from ?? 0}-${to ?? ''}`);
  if (bearer !== null) headers.push('authorization', `Bearer ${bearer}`);
  return headers;
}
