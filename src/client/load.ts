/** One refresh of what is known of a label: its settings, and as much of its timeline as is kept. */
import { BEFORE_ALL } from '../lineage/timeline.ts';
import { beginOf, type Knowledge, knowledgeOf } from './knowledge.ts';
import { publishedRuns } from './published-runs.ts';
import { readLabel, readTimeline } from './read-answers.ts';
import type { Answer, Offset } from './service.ts';
import { formatTime } from './times.ts';

export interface Loaded {
  knowledge: Knowledge;
  offset: Offset | null;
  cachedMs: number;
}

/**
 * @param before what was known until now
 * @param wanted from which instant on all should be known
 * @throws ClientError
 */
export async function load(
  ask: (path: string) => Promise<Answer>,
  name: string,
  before: Knowledge | null,
  wanted: number,
): Promise<Loaded> {
  const path = `labels/${encodeURIComponent(name)}`;
  const told = await ask(path);
  const label = readLabel(told.json);
  const askTimeline = async (from: number) => {
    const query = from === BEFORE_ALL ? '' : `?from=${formatTime(from)}`;
    const answer = await ask(`${path}/timeline${query}`);
    return { answer, timeline: readTimeline(answer.json) };
  };
  let from = (before && beginOf(before, wanted)) ?? wanted;
  let found = await askTimeline(from);
  // What was there already at `wanted`: what was lost since it began decides what is known of it.
  const begin = beginOf({ runs: publishedRuns(found.timeline, label.current) }, wanted);
  if (begin !== null && begin < from) {
    from = begin;
    found = await askTimeline(from);
  }
  const { answer, timeline } = found;
  return {
    knowledge: knowledgeOf(label, timeline, from, before),
    offset: answer.offset,
    cachedMs: Math.max(told.cachedMs, answer.cachedMs),
  };
}
