/**
 * A label on the time axis: which artifact was under it, where changes must lie, when it was read and when
 * nobody looked; above, on the same axis, its traces by decision and by certainty.
 */
import type { LabelPicture, PicturedGap } from '../../store/label-picture.ts';
import type { TraceCount } from '../../store/trace-count.ts';
import { colourClass, shortId } from '../artifact-colour.ts';
import { grouped } from '../counted.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { around, asQuery } from '../timeline-range.ts';
import type { Series } from '../trace-series.ts';
import { exact, howLong } from '../when.ts';
import { StackedBars } from './stacked-bars.tsx';
import { type Axis, placeOf, ticks } from './time-axis.ts';
import { type Band, type Crowd, marksOf, type WindowMark } from './timeline-marks.ts';

interface Props {
  page: PageContext;
  name: string;
  from: number;
  to: number;
  /** Null: nobody registered it, so nothing was read. */
  picture: LabelPicture | null;
  buckets: readonly TraceCount[];
  decisions: readonly Series[];
  certainties: readonly Series[];
  /** `3 h`. */
  bucketWords: string;
}

const WIDTH = 960;
const EDGE = 10;
const BARS = 62;
const [DECISIONS, CERTAINTIES, UNDER] = [22, 110, 198];
const BAND = 32;
const READINGS = UNDER + BAND + 6;
const BOTTOM = READINGS + 24;
const MOST_TICKS = 8;

export function LabelTimeline(props: Props) {
  const { page, name, from, to, picture, buckets, bucketWords } = props;
  const axis: Axis = { from, to, left: EDGE, width: WIDTH - 2 * EDGE };
  const most = Math.max(1, ...buckets.map(({ traces }) => traces));
  const peak = buckets.length === 0 ? 'none' : `at most ${grouped(most)}`;
  const bars = { axis, bars: buckets, most, height: BARS };
  return (
    <section class="scroll" tabindex={0} aria-label="Timeline, drawn">
      <svg
        class="chart timeline"
        viewBox={`0 0 ${WIDTH} ${BOTTOM + 22}`}
        aria-labelledby="timeline-title"
      >
        <title id="timeline-title">{`${name} from ${exact(from, page.zone)} to ${exact(to, page.zone)}`}</title>
        <text class="soft" x={EDGE} y={DECISIONS - 7}>
          Traces by decision, per {bucketWords}: {peak}
        </text>
        <StackedBars {...bars} parts={props.decisions} y={DECISIONS} />
        <text class="soft" x={EDGE} y={CERTAINTIES - 7}>
          The same by certainty
        </text>
        <StackedBars {...bars} parts={props.certainties} y={CERTAINTIES} />
        <text class="soft" x={EDGE} y={UNDER - 7}>
          Under the label
        </text>
        <Under {...props} axis={axis} />
        {picture && <Readings picture={picture} axis={axis} />}
        <line class="axis" x1={EDGE} x2={WIDTH - EDGE} y1={BOTTOM} y2={BOTTOM} />
        {ticks(axis, page.zone, MOST_TICKS).map(({ at, text }) => {
          const x = placeOf(axis, at);
          const isLast = x > WIDTH - 70;
          return (
            <>
              <line class="tick" x1={x} x2={x} y1={BOTTOM} y2={BOTTOM + 5} />
              <text class="soft" x={x} y={BOTTOM + 18} text-anchor={isLast ? 'end' : 'start'}>
                {text}
              </text>
            </>
          );
        })}
      </svg>
    </section>
  );
}

function Under({ page, name, picture, axis }: Props & { axis: Axis }) {
  const nobody = (
    <rect class="unread" x={EDGE} y={UNDER} width={axis.width} height={BAND} fill="url(#fill-gap)">
      <title>No reading says what was there</title>
    </rect>
  );
  if (picture === null) return nobody;
  const marks = marksOf(picture, axis);
  const box = (from: number, to: number) => {
    const [begin, end] = [placeOf(axis, from), placeOf(axis, to)];
    return { x: begin, y: UNDER, width: Math.max(1, end - begin), height: BAND };
  };
  return (
    <>
      {nobody}
      {marks.map(
        (mark) => mark.kind === 'band' && <Held {...mark} page={page} name={name} axis={axis} />,
      )}
      {picture.gaps.map((gap) => {
        const words = gapWords(gap, page);
        const { y, height, ...rest } = box(gap.from, gap.to ?? page.now);
        return (
          <rect class="gap" {...rest} y={y + height / 2} height={height / 2} fill="url(#fill-gap)">
            <title>{words}</title>
          </rect>
        );
      })}
      {picture.lost.map(({ from, to }) => (
        <rect {...box(from, to)} fill="url(#fill-lost)">
          <title>{`What was read from ${exact(from, page.zone)} to ${exact(to, page.zone)} is lost`}</title>
        </rect>
      ))}
      {marks.map((mark) => mark.kind === 'window' && <Border {...mark} page={page} />)}
      {marks.map((mark) => mark.kind === 'crowd' && <Several {...mark} page={page} name={name} />)}
    </>
  );
}

function gapWords({ from, to, longestMs, isSeveral }: PicturedGap, page: PageContext): string {
  const begin = exact(from, page.zone);
  const longest = howLong(longestMs ?? page.now - from);
  if (!isSeveral) return `Nobody looked for ${longest}, from ${begin}`;
  const end = to === null ? 'now' : exact(to, page.zone);
  return `Nobody looked for up to ${longest} at a time, from ${begin} to ${end}`;
}

type HeldProps = Band & { page: PageContext; name: string; axis: Axis };

function Held({ x, width, run, page, name, axis }: HeldProps) {
  const { artifactId, firstSeenAt, lastConfirmedAt, observations } = run;
  const what = artifactId === null ? 'nothing (absent)' : shortId(artifactId);
  const path = withQuery(
    pathTo('labels', name),
    asQuery(around({ from: firstSeenAt, to: lastConfirmedAt })),
  );
  const words = `${what}: first seen ${exact(firstSeenAt, page.zone)}, last confirmed ${exact(lastConfirmedAt, page.zone)}, ${grouped(observations)} readings`;
  const end = placeOf(axis, page.now);
  const tail = run.until === null ? end - (x + width) : 0;
  const text = artifactId === null ? 'absent' : shortId(artifactId);
  return (
    <>
      {tail > 1 && (
        <rect
          class={`unconfirmed ${colourClass(artifactId)}`}
          x={x + width}
          y={UNDER}
          width={tail}
          height={BAND}
        >
          <title>No later reading confirms it yet</title>
        </rect>
      )}
      <a href={path}>
        <title>{words}</title>
        <rect
          class={`band ${colourClass(artifactId)}`}
          x={x}
          y={UNDER}
          width={width}
          height={BAND}
        />
      </a>
      {width > (artifactId === null ? 48 : 108) && (
        <text class={artifactId === null ? 'on-none' : 'on-art'} x={x + 7} y={UNDER + BAND / 2 - 2}>
          {text}
        </text>
      )}
    </>
  );
}

function Border({ x, width, run, page }: WindowMark & { page: PageContext }) {
  const { after, firstSeenAt } = run;
  const words = `A change between ${exact(after ?? firstSeenAt, page.zone)} and ${exact(firstSeenAt, page.zone)}`;
  return (
    <a href={pathTo('changes', run.id)}>
      <title>{words}</title>
      <rect
        class="window"
        x={x}
        y={UNDER - 3}
        width={width}
        height={BAND + 6}
        fill="url(#fill-window)"
      />
    </a>
  );
}

function Several({
  x,
  width,
  from,
  to,
  changes,
  atLeast,
  page,
  name,
}: Crowd & { page: PageContext; name: string }) {
  const words = `${atLeast ? 'at least ' : ''}${grouped(changes)} changes between ${exact(from, page.zone)} and ${exact(to, page.zone)}: zoom in`;
  return (
    <>
      <a href={withQuery(pathTo('labels', name), asQuery(around({ from, to })))}>
        <title>{words}</title>
        <rect
          class="crowd"
          x={x}
          y={UNDER - 3}
          width={width}
          height={BAND + 6}
          fill="url(#fill-window)"
        />
      </a>
      {width > 26 && (
        <text class="count" x={x + width / 2} y={UNDER + BAND / 2 + 4} text-anchor="middle">
          {atLeast ? '≥ ' : ''}
          {grouped(changes)}
        </text>
      )}
    </>
  );
}

/** A tick for each step of time with a reading in it; below it those that failed. */
function Readings({ picture: { said, failed }, axis }: { picture: LabelPicture; axis: Axis }) {
  const step = axis.width / said.length;
  const path = (marks: readonly boolean[], y: number, height: number) =>
    marks
      .map((is, i) =>
        is ? `M${Math.round((axis.left + (i + 0.5) * step) * 10) / 10} ${y}v${height}` : '',
      )
      .join('');
  return (
    <g>
      <path class="said" d={path(said, READINGS + 3, 7)} />
      <path class="failed" d={path(failed, READINGS + 12, 5)} />
    </g>
  );
}
