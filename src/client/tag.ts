/** The tag of one inference, from what is known of its label. Pure. */
import {
  type Attribution,
  attribute,
  type Observed,
  type Span,
  spanOf,
} from '../lineage/attribution.ts';
import type { ArtifactId, BlobId, Under } from '../lineage/manifest.ts';
import type { ClientErrorCode } from './client-error.ts';
import { type Knowledge, viewIn } from './knowledge.ts';
import type { Offset } from './service.ts';
import { formatTime, type TimeGiven } from './times.ts';

export interface TagRequest {
  label: string;
  /** When the inference began; the same as `endedAt` where left out. */
  startedAt?: TimeGiven | undefined;
  /** When it ended; now where left out. */
  endedAt?: TimeGiven | undefined;
}

/** Why a tag says less than it could, or rests on less than it should. */
export interface TagProblem {
  code: ClientErrorCode | 'loading' | 'stale' | 'clock' | 'ahead';
  message: string;
}

/** Times are RFC 3339, UTC. */
export interface Tag {
  label: string;
  /** What the readings alone say; the service may know better later, or by other evidence. */
  certainty: Observed;
  /** The one candidate; null where there is none, or several, or the label held nothing. */
  artifactId: ArtifactId | null;
  /** Of `artifactId`; none without one. Null: more than the client keeps. */
  blobIds: readonly BlobId[] | null;
  /** Every artifact it may have been, in order of time; null stands for "nothing was there". */
  candidates: readonly Under[];
  /** Where it is ambiguous: strictly between these the label changed. */
  window: { after: string | null; before: string } | null;
  /** When the service asked the label's source last, as far as the client knows. */
  lastReadingAt: string | null;
  /** When the client asked the service for what it knows, by the clock of this machine; null: never answered. */
  asOf: string | null;
  /** How long ago that was; what happened since is not in the tag. */
  ageMs: number | null;
  /** That is too long ago: of what came after `lastReadingAt` the tag says nothing. */
  stale: boolean;
  problem: TagProblem | null;
}

/** What is held of a label at the instant of a tag. */
export interface Held {
  knowledge: Knowledge;
  /** Wall clock, ms. */
  asOf: number;
  ageMs: number;
  stale: boolean;
  offset: Offset | null;
}

/** @param trouble why nothing newer is held */
export function tagOf(
  label: string,
  { start, end }: Span,
  held: Held,
  now: number,
  trouble: TagProblem | null,
): Tag {
  const { knowledge, ageMs, stale, offset } = held;
  const { tolerance, lastRequestedAt } = knowledge;
  const tag: Tag = {
    ...unknownTag(label, trouble),
    lastReadingAt: lastRequestedAt === null ? null : formatTime(lastRequestedAt),
    asOf: formatTime(held.asOf),
    ageMs: Math.round(ageMs),
    stale,
  };
  if (start > now + tolerance.clockSkewMs) return { ...tag, problem: trouble ?? AHEAD };
  const apart = offset !== null && isApart(offset, tolerance.clockSkewMs);
  const said = spanOf(start, end, tolerance);
  const span = apart ? widened(said, offset) : said;
  const problem = trouble ?? (stale ? STALE : apart ? APART : null);
  const isPast = lastRequestedAt !== null && span.end <= lastRequestedAt;
  if (stale && !isPast) return { ...tag, problem };
  return { ...tag, ...found(attribute(viewIn(knowledge, span)), knowledge), problem };
}

/** Where nothing can be said. */
export function unknownTag(label: string, problem: TagProblem | null): Tag {
  return {
    label,
    certainty: 'unobserved',
    artifactId: null,
    blobIds: [],
    candidates: [],
    window: null,
    lastReadingAt: null,
    asOf: null,
    ageMs: null,
    stale: false,
    problem,
  };
}

function found({ observed, artifactId, candidates, window }: Attribution, knowledge: Knowledge) {
  return {
    certainty: observed,
    artifactId,
    blobIds: artifactId === null ? [] : (knowledge.blobIds.get(artifactId) ?? null),
    candidates,
    window: window && {
      after: window.after === null ? null : formatTime(window.after),
      before: formatTime(window.before),
    },
  };
}

/** A busy server may write its Date a moment late. */
const DATE_SLACK_MS = 1000;

/** Surely further apart than the label allows for. */
function isApart({ least, most }: Offset, clockSkewMs: number): boolean {
  const allowed = clockSkewMs + DATE_SLACK_MS;
  return least > allowed || most < -allowed;
}

/** Covers what the span is by either clock, so the tag can only become weaker. */
function widened({ start, end }: Span, { least, most }: Offset): Span {
  return { start: start + Math.min(0, least), end: end + Math.max(0, most) };
}

const STALE: TagProblem = {
  code: 'stale',
  message:
    'the service was not asked for too long, so nothing is said of what came after the last reading known here',
};
const APART: TagProblem = {
  code: 'clock',
  message:
    "this machine's clock and the service's are further apart than the label's clockSkew: the tag covers what the times mean by either. Set the clocks.",
};
const AHEAD: TagProblem = {
  code: 'ahead',
  message: 'startedAt is ahead of now, and nobody knows what will be under the label',
};
