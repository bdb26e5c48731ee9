/** How a channel's address is shown: what follows its host may be a secret. */

/** @param whole whether who looks may see all of it: others see its host */
export function shownUrl(url: string, whole: boolean): string {
  return whole ? url : `${new URL(url).origin}/…`;
}
