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
import { details } from './table.ts';
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

/** A run that was just made. */
export function runLines({ blobId, outcome, attempts, chain }: VerificationRunJson): string[] {
  const head = outcome === null ? 'still under way' : stateText(outcome);
  return [
    `${head}  ${shown(blobId)}`,
    ...indented([...attempts.flatMap(attemptDetails), ...chainDetails(chain)]),
  ];
}

/** How a blob stands by all that is known. */
export function standingLines(facts: BlobFactsJson, paths: readonly string[] = []): string[] {
  const { verification, retrievable } = facts;
  const { state, at, error, aggregator, verifiedAt } = verification;
  const lines: [string, string][] = paths.map((path, i) => [i === 0 ? 'file' : '', shown(path)]);
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

function retrievableText({ state, at }: BlobFactsJson['retrievable']): string {
  if (at === null) return 'not known: nobody tried';
  return state === 'unknown' ? `not known, tried ${clock(at)}` : `${state}, as of ${clock(at)}`;
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
  if (problem) lines.push(['', errorText(problem)]);
  return lines;
}

function factDetails(fact: ChainFactJson): [string, string][] {
  const { status, certifiedEpoch, deletable, network, confirmedAt } = fact;
  const words = [
    status === 'certified' && certifiedEpoch !== null
      ? `certified in epoch ${certifiedEpoch}`
      : status,
    ...(deletable === true ? ['its owner can delete it'] : []),
    ...(deletable === false ? ['not deletable'] : []),
  ];
  const lines: [string, string][] = [
    ['chain', `${words.join(', ')} (${shown(network)}, as of ${clock(confirmedAt)})`],
    ['stored until', endText(fact)],
  ];
  if (fact.objectId !== null) lines.push(['object', shown(fact.objectId)]);
  for (const [name, value] of Object.entries(fact.attributes ?? {})) {
    lines.push(['attribute', `${shown(name)} = ${shown(value)}`.slice(0, 200)]);
  }
  return lines;
}

function endText({ endEpoch, endsAt, endsAtEstimated }: ChainFactJson): string {
  if (endEpoch === null) return 'not known: nobody says';
  const when = endsAt === null ? '' : `, ${clock(endsAt)}${endsAtEstimated ? ' (estimated)' : ''}`;
  return `the start of epoch ${endEpoch}${when}`;
}

const from = (aggregator: string | null) =>
  aggregator === null ? '' : ` from ${shown(aggregator)}`;

const errorText = ({ code, message }: { code: string; message: string }) =>
  `${shown(code)}: ${shown(message)}`;

const indented = (pairs: readonly (readonly [string, string])[]) =>
  details(pairs).map((line) => `  ${line}`);
