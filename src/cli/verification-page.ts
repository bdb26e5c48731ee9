/** How blobs stand, in words: verified, retrievable and certified are three things, and stay three. */
import type {
  AttemptJson,
  BlobFactsJson,
  ChainFactJson,
  VerificationRunJson,
  VerificationState,
} from '../contract/blob.ts';
import { shown } from './plain.ts';
import { paint, type Style } from './screen.ts';
import { type Cell, wrappedDetails } from './table.ts';
import { clock, span } from './words.ts';

/** A word and, on a terminal, a colour; never a colour alone. */
const STYLE: Record<VerificationState, Style> = {
  verified: 'green',
  mismatch: ['bold', 'red'],
  unavailable: 'yellow',
  unchecked: 'dim',
};

export function stateText(state: VerificationState): string {
  return paint(STYLE[state], state.toUpperCase());
}

/** The same, in a column. */
export function stateCell(state: VerificationState): Cell {
  return { text: state.toUpperCase(), style: STYLE[state] };
}

type Retrievable = BlobFactsJson['retrievable']['state'];
type ChainStatus = ChainFactJson['status'];

/** What is no good news, in no calm colour. */
const ALARMING: ReadonlySet<Retrievable | ChainStatus> = new Set([
  ...(['no', 'expired', 'deleted', 'invalid', 'nonexistent'] as const),
]);

/** Of a blob that is there no more, nobody asks until when. */
const GONE: ReadonlySet<ChainStatus> = new Set(['deleted', 'invalid', 'nonexistent']);

export function factWord(word: Retrievable | ChainStatus): string {
  return ALARMING.has(word) ? paint('yellow', word) : word;
}

/** A run that was just made. */
export function runLines(run: VerificationRunJson, paths: readonly string[] = []): string[] {
  const { blobId, outcome, attempts, verification, chain } = run;
  const head = outcome === null ? 'still under way' : stateText(worstOfRun(run) ?? outcome);
  const lines = [...pathDetails(paths), ...attempts.flatMap(attemptDetails)];
  if (outcome !== 'mismatch' && verification.state === 'mismatch' && verification.error) {
    lines.push(['mismatch', `as of ${clock(verification.at!)}${from(verification.aggregator)}`]);
    lines.push(['because', errorText(verification.error)]);
  }
  return [`${head}  ${shown(blobId)}`, ...indented([...lines, ...chainDetails(chain)])];
}

/** What a run came to, and never calmer than how the blob stands: right bytes here excuse no others elsewhere. */
export function worstOfRun({ outcome, verification }: VerificationRunJson) {
  return verification.state === 'mismatch' ? verification.state : outcome;
}

/** How a blob stands by all that is known. */
export function standingLines(facts: BlobFactsJson, paths: readonly string[] = []): string[] {
  const { verification, retrievable } = facts;
  const { state, at, error, aggregator, verifiedAt } = verification;
  const lines = pathDetails(paths);
  if (at !== null) lines.push(['checked', `${clock(at)}${from(aggregator)}`]);
  if (error) lines.push(['because', errorText(error)]);
  if (verifiedAt !== null && state !== 'verified') {
    lines.push(['verified', `${clock(verifiedAt)}, from elsewhere or before`]);
  }
  lines.push(['retrievable', retrievableText(retrievable)]);
  return [
    `${stateText(state)}  ${shown(facts.blobId)}`,
    ...indented([...lines, ...chainDetails(facts.chain)]),
  ];
}

/** How the blobs of a label stand, each fact in one line: the worst in front. */
export function retrievableTally(blobs: readonly BlobFactsJson[]): string {
  const words = blobs.map(({ retrievable }) => retrievable.state);
  return tally(words, ['no', 'unknown', 'yes'], (word) =>
    word === 'unknown' ? 'not known' : factWord(word),
  );
}

export function chainTally(blobs: readonly BlobFactsJson[]): string {
  const words = blobs.map(({ chain }) => chain.fact?.status ?? 'unknown');
  const isStale = blobs.some(({ chain }) => chain.fact && chain.problem);
  const text = tally(words, CHAIN_WORST, (word) =>
    word === 'unknown' ? 'not known' : factWord(word),
  );
  return isStale ? `${text}, as far as is known` : text;
}

const CHAIN_WORST = [
  ...(['invalid', 'nonexistent', 'deleted', 'expired'] as const),
  ...(['unknown', 'registered', 'certified'] as const),
];

function tally<W extends string>(
  words: readonly W[],
  worstFirst: readonly W[],
  text: (word: W) => string,
): string {
  const found = worstFirst.filter((word) => words.includes(word));
  if (found.length === 1) return text(found[0]!);
  const count = (word: W) => words.filter((each) => each === word).length;
  return found.map((word) => `${count(word)} ${text(word)}`).join(', ') || 'not known';
}

function pathDetails(paths: readonly string[]): [string, string][] {
  return paths.map((path, i) => [i === 0 ? 'file' : '', shown(path)]);
}

function retrievableText({ state, at }: BlobFactsJson['retrievable']): string {
  if (at === null) return 'not known: nobody tried';
  if (state === 'unknown') return `not known, tried ${clock(at)}`;
  return `${factWord(state)}, as of ${clock(at)}`;
}

function attemptDetails(attempt: AttemptJson): [string, string][] {
  const { outcome, error, aggregator, tookMs, bytes, sha256, computedBlobId } = attempt;
  const seen = bytes === null ? '' : `${bytes} bytes `;
  const lines: [string, string][] = [
    [outcome, `${seen}${from(aggregator).trimStart()} in ${span(tookMs)}`.trimStart()],
  ];
  if (error) lines.push(['because', errorText(error)]);
  if (outcome === 'mismatch' && computedBlobId !== null) {
    lines.push(['is really', shown(computedBlobId)]);
  }
  if (sha256 !== null) lines.push(['sha256', sha256]);
  return lines;
}

function chainDetails({ fact, problem }: BlobFactsJson['chain']): [string, string][] {
  const lines: [string, string][] = fact ? factDetails(fact) : [['chain', 'nothing is known']];
  if (problem) lines.push(['chain now', `not known: ${errorText(problem)}`]);
  return lines;
}

function factDetails(fact: ChainFactJson): [string, string][] {
  const { status, certifiedEpoch, deletable, network, confirmedAt } = fact;
  const words = [
    status === 'certified' && certifiedEpoch !== null
      ? `certified in epoch ${certifiedEpoch}`
      : factWord(status),
    ...(deletable === true ? ['its owner can delete it'] : []),
    ...(deletable === false ? ['not deletable'] : []),
  ];
  const lines: [string, string][] = [
    ['chain', `${words.join(', ')} (${shown(network)}, as of ${clock(confirmedAt)})`],
  ];
  if (!GONE.has(status)) lines.push(['stored until', endText(fact)]);
  if (fact.objectId !== null) lines.push(['object', shown(fact.objectId)]);
  for (const [name, value] of Object.entries(fact.attributes ?? {})) {
    lines.push(['attribute', `${shown(name)} = ${shown(value)}`.slice(0, 200)]);
  }
  return lines;
}

export function endText({ endEpoch, endsAt, endsAtEstimated }: ChainFactJson): string {
  if (endEpoch === null) return 'not known: nobody says';
  const when = endsAt === null ? '' : `, ${clock(endsAt)}${endsAtEstimated ? ' (estimated)' : ''}`;
  return `the start of epoch ${endEpoch}${when}`;
}

const from = (aggregator: string | null) =>
  aggregator === null ? '' : ` from ${shown(aggregator)}`;

const errorText = ({ code, message }: { code: string; message: string }) =>
  `${shown(code)}: ${shown(message)}`;

const indented = (pairs: readonly (readonly [string, string])[]) => wrappedDetails(pairs, '  ');
