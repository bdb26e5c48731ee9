/**
 * Which release of a model is meant. Releases are `major.minor`, both of them integers: 1.10 comes
 * after 1.9. How the Model Hub lists them is not established, so every known form is read.
 */
import { isObject, type JsonObject, quoted } from './json.ts';

/** A release, or why none can be named; `missing` where the answer is clear but the release isn't there. */
export type Chosen = { release: string } | { problem: string; missing: boolean };

/** `versions` or `releases`, whichever lists something; undefined where neither is there. */
export function releaseList(answer: JsonObject): unknown {
  const lists = [answer.versions, answer.releases].filter((list) => list != null);
  return lists.find((list) => !isEmpty(list)) ?? lists[0];
}

export function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

/** A string, or an object that has one under `version` or `versionString`. (A number has lost its zeros: 1.10 is 1.1.) */
export function releaseName(item: unknown): string | null {
  const names = isObject(item) ? [item.version, item.versionString] : [item];
  return names.filter((name) => typeof name === 'string').find((name) => name !== '') ?? null;
}

/** @param list as the hub gave it; @param wanted `latest`, or a release as the hub spells it */
export function chooseRelease(list: unknown, wanted: string): Chosen {
  if (!Array.isArray(list)) return unclear('its list of releases is not a list');
  const names = list.map(releaseName);
  const unread = names.indexOf(null);
  if (unread >= 0) return unclear(`release ${quoted(list[unread])} has no version text`);
  const releases = [...new Set(names as string[])];
  if (releases.length === 0) return { problem: 'it has no release', missing: true };
  if (wanted === 'latest') return latest(releases);
  if (releases.includes(wanted)) return { release: wanted };
  const known = releases.slice(-5).map(quoted).join(', ');
  return { problem: `it has no release ${quoted(wanted)}; it has ${known}`, missing: true };
}

function latest(releases: readonly string[]): Chosen {
  let best: { release: string; parts: [number, number] } | null = null;
  for (const release of releases) {
    const match = /^(\d{1,15})\.(\d{1,15})$/.exec(release);
    if (!match)
      return unclear(`release ${quoted(release)} is not major.minor, so no latest is known`);
    const parts: [number, number] = [Number(match[1]), Number(match[2])];
    const order = best ? parts[0] - best.parts[0] || parts[1] - best.parts[1] : 1;
    if (best && order === 0) {
      return unclear(`releases ${quoted(best.release)} and ${quoted(release)} are the same number`);
    }
    if (order > 0) best = { release, parts };
  }
  return { release: best!.release };
}

function unclear(problem: string): Chosen {
  return { problem, missing: false };
}
