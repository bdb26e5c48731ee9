/**
 * A trace on the time axis, with the readings before and after it, and the window in which a change must
 * lie. Drawn to scale; what would be too narrow to see is drawn as a line.
 */
import type { Attribution } from '../../lineage/attribution.ts';
import type { Instants } from '../../lineage/reading.ts';
import { colourClass, shortId } from '../artifact-colour.ts';
import type { PageContext } from '../page.ts';
import { exact, howLong } from '../when.ts';
import { AroundTraceTimes } from './around-trace-times.tsx';

export interface Tolerances {
  clockSkewMs: number;
  servingLagMs: number;
}

interface Props {
  page: PageContext;
  startedAt: number;
  endedAt: number;
  /** Of its label as it is set now; null: there is none. */
  tolerance: Tolerances | null;
  attribution: Pick<Attribution, 'observed' | 'candidates' | 'window' | 'grounds'>;
}

const WIDTH = 480;
const EDGE = 8;
const LEAST = 2;

type Scale = (ms: number) => number;

export function AroundTrace(props: Props) {
  const { page, startedAt, endedAt, tolerance } = props;
  const span = spanOf(props);
  const shown = shownRange(props, span);
  const scale = scaleOf(shown);
  const { before, after } = props.attribution.grounds;
  return (
    <figure class="around">
      <svg class="chart" viewBox={`0 0 ${WIDTH} 112`} role="img" aria-labelledby="around-title">
        <title id="around-title">{titleOf(props)}</title>
        <defs>
          <pattern
            id="around-hatch"
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line class="hatch-line" x1="0" y1="0" x2="0" y2="7" />
          </pattern>
        </defs>
        <Under {...props} scale={scale} />
        {before && <Reading {...before} scale={scale} word="read before" />}
        {after && <Reading {...after} scale={scale} word="read after" />}
        {isWidened(tolerance) && (
          <Bar class="tolerance" from={span.from} to={span.to} y={64} scale={scale} />
        )}
        <Bar class="trace" from={startedAt} to={endedAt} y={64} scale={scale} />
        <text x={middle(scale(startedAt))} y="60" text-anchor="middle">
          this trace
        </text>
        <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1="88" y2="88" />
        <text class="soft" x={EDGE} y="103">
          {exact(shown.from, page.zone)}
        </text>
        <text class="soft" x={WIDTH - EDGE} y="103" text-anchor="end">
          {exact(shown.to, page.zone)}
        </text>
      </svg>
      <figcaption>{captionOf(props)}</figcaption>
      <AroundTraceTimes {...props} span={span} />
    </figure>
  );
}

function isWidened(tolerance: Tolerances | null): tolerance is Tolerances {
  return tolerance !== null && tolerance.clockSkewMs + tolerance.servingLagMs > 0;
}

type Range = { from: number; to: number };

/** What it covers, widened by what clocks and servers may be off. */
function spanOf({ startedAt, endedAt, tolerance }: Props): Range {
  const { clockSkewMs = 0, servingLagMs = 0 } = tolerance ?? {};
  return { from: startedAt - clockSkewMs - servingLagMs, to: endedAt + clockSkewMs };
}

/** Where nothing was read on a side, some of it is shown all the same: it isn't known, and has no end. */
function shownRange({ attribution: { grounds, window } }: Props, span: Range): Range {
  const times = [span.from, span.to, grounds.before?.requestedAt, grounds.after?.receivedAt];
  const known = [...times, window?.after, window?.before].filter(
    (time) => typeof time === 'number',
  );
  const [from, to] = [Math.min(...known), Math.max(...known)];
  const margin = Math.max(Math.round((to - from) * 0.15), 500);
  return { from: grounds.before ? from : from - margin, to: grounds.after ? to : to + margin };
}

function scaleOf({ from, to }: Range): Scale {
  const length = Math.max(to - from, 1);
  return (ms) => {
    const share = Math.min(1, Math.max(0, (ms - from) / length));
    return Math.round((EDGE + share * (WIDTH - 2 * EDGE)) * 10) / 10;
  };
}

/** What the readings allow at each instant. */
function Under({
  attribution: { observed, candidates, window, grounds },
  scale,
}: Props & { scale: Scale }) {
  const { before, after } = grounds;
  const [start, end] = [scale(Number.NEGATIVE_INFINITY), scale(Number.POSITIVE_INFINITY)];
  const y = 26;
  if (observed === 'unobserved' || !before) {
    return <rect class="nobody" x={start} y={y} width={end - start} height="14" />;
  }
  const from = scale(before.requestedAt);
  const sure = after ? scale(after.receivedAt) : scale(before.receivedAt);
  const [first, last] = [candidates[0] ?? null, candidates.at(-1) ?? null];
  if (window === null) {
    return (
      <>
        <Held artifactId={first} from={from} to={sure} y={y} />
        {!after && <rect class="nobody" x={sure} y={y} width={end - sure} height="14" />}
      </>
    );
  }
  const [opens, closes] = [
    window.after === null ? start : scale(window.after),
    scale(window.before),
  ];
  const box = { x: opens, y, width: Math.max(LEAST, closes - opens), height: 14 };
  return (
    <>
      <Held artifactId={first} from={from} to={opens} y={y} />
      <Held artifactId={last} from={closes} to={Math.max(closes, sure)} y={y} />
      <rect {...box} fill="url(#around-hatch)" />
      <rect {...box} class="edge" />
    </>
  );
}

interface HeldProps {
  artifactId: string | null;
  from: number;
  to: number;
  y: number;
}

function Held({ artifactId, from, to, y }: HeldProps) {
  if (to <= from) return null;
  return (
    <g>
      <rect
        class={`held ${colourClass(artifactId)}`}
        x={from}
        y={y}
        width={to - from}
        height="14"
      />
      {to - from > 90 && (
        <text x={from + 12} y={y + 11}>
          {artifactId === null ? 'absent' : shortId(artifactId)}
        </text>
      )}
    </g>
  );
}

function Reading({
  requestedAt,
  receivedAt,
  scale,
  word,
}: Instants & { scale: Scale; word: string }) {
  const x = scale(requestedAt);
  const isLeft = x < WIDTH / 2;
  return (
    <g>
      <rect
        class="reading art-none"
        x={x}
        y="22"
        width={Math.max(LEAST, scale(receivedAt) - x)}
        height="22"
      />
      <text x={isLeft ? x : scale(receivedAt)} y="16" text-anchor={isLeft ? 'start' : 'end'}>
        {word}
      </text>
    </g>
  );
}

function Bar({ from, to, y, scale, ...rest }: Range & { y: number; scale: Scale; class: string }) {
  const width = Math.max(LEAST, scale(to) - scale(from));
  return <rect {...rest} x={scale(from)} y={y} width={width} height="14" />;
}

/** Room for the word on both sides. */
function middle(x: number): number {
  return Math.min(Math.max(x, 40), WIDTH - 40);
}

function titleOf({ attribution: { observed, window, grounds } }: Props): string {
  const parts = [
    grounds.before ? 'a reading before it' : 'no reading before it',
    grounds.after ? 'one after it' : 'none after it',
    window ? 'and a change somewhere in the hatched window' : '',
  ].filter((part) => part !== '');
  return `The trace on the time axis, ${observed}: ${parts.join(', ')}`;
}

function captionOf({ tolerance, attribution: { window, grounds } }: Props): string {
  const parts = [
    window ? 'Hatched: the change lies somewhere in it.' : '',
    grounds.after ? '' : 'Dashed: no reading speaks of it.',
    isWidened(tolerance)
      ? `Dashed around the trace: what clocks (${howLong(tolerance.clockSkewMs)}) and servers (${howLong(tolerance.servingLagMs)}) may be off, as the label is set now.`
      : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}
