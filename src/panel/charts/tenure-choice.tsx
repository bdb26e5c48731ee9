/** What was under a label, twice: one row to choose what is before, one for after. */
import type { LabelPicture } from '../../store/label-picture.ts';
import { colourClass, shortId } from '../artifact-colour.ts';
import { choosing, type DiffSide, type TypedDiff } from '../diff-form.ts';
import type { PageContext } from '../page.ts';
import { exact } from '../when.ts';
import { type Axis, placeOf, ticks } from './time-axis.ts';
import { type Band, marksOf } from './timeline-marks.ts';

interface Props {
  page: PageContext;
  typed: TypedDiff;
  picture: LabelPicture;
  from: number;
  to: number;
}

const WIDTH = 960;
const LEFT = 62;
const ROW = 30;
const TOPS: Record<DiffSide, number> = { before: 8, after: 46 };
const BOTTOM = 86;

export function TenureChoice({ page, typed, picture, from, to }: Props) {
  const axis: Axis = { from, to, left: LEFT, width: WIDTH - LEFT - 10 };
  const marks = marksOf(picture, axis);
  return (
    <section class="scroll" tabindex={0} aria-label="Tenures, drawn">
      <svg class="chart timeline" viewBox={`0 0 ${WIDTH} ${BOTTOM + 22}`}>
        <title>{`What was under ${typed.label}: choose before in the first row, after in the second`}</title>
        {(['before', 'after'] as const).map((side) => (
          <g>
            <text x="8" y={TOPS[side] + 20}>
              {side}
            </text>
            <rect
              x={axis.left}
              y={TOPS[side]}
              width={axis.width}
              height={ROW}
              fill="url(#fill-gap)"
            />
            {marks.map((mark) =>
              mark.kind === 'band' ? (
                <Tenure {...mark} page={page} typed={typed} side={side} />
              ) : (
                <rect
                  class={mark.kind}
                  x={mark.x}
                  y={TOPS[side]}
                  width={mark.width}
                  height={ROW}
                  fill="url(#fill-window)"
                />
              ),
            )}
          </g>
        ))}
        <line class="axis" x1={LEFT} x2={WIDTH - 10} y1={BOTTOM} y2={BOTTOM} />
        {ticks(axis, page.zone, 8).map(({ at, text }) => {
          const x = placeOf(axis, at);
          return (
            <>
              <line class="tick" x1={x} x2={x} y1={BOTTOM} y2={BOTTOM + 5} />
              <text
                class="soft"
                x={x}
                y={BOTTOM + 18}
                text-anchor={x > WIDTH - 70 ? 'end' : 'start'}
              >
                {text}
              </text>
            </>
          );
        })}
      </svg>
    </section>
  );
}

type TenureProps = Band & Pick<Props, 'page' | 'typed'> & { side: DiffSide };

function Tenure({ x, width, run, page, typed, side }: TenureProps) {
  const { artifactId, firstSeenAt, lastConfirmedAt } = run;
  const box = { x, y: TOPS[side], width, height: ROW };
  if (artifactId === null) {
    return (
      <rect class="band art-none" {...box}>
        <title>nothing was there (absent)</title>
      </rect>
    );
  }
  const isChosen = typed[side] === artifactId;
  const words = `${side}: ${shortId(artifactId)}, first seen ${exact(firstSeenAt, page.zone)}, last confirmed ${exact(lastConfirmedAt, page.zone)}${isChosen ? ' (chosen)' : ''}`;
  return (
    <a href={choosing(typed, side, artifactId)} aria-label={words}>
      <title>{words}</title>
      <rect class={`band ${colourClass(artifactId)}`} {...box} />
      {isChosen && (
        <rect
          class="picked"
          x={x + 1.5}
          y={TOPS[side] + 1.5}
          width={Math.max(1, width - 3)}
          height={ROW - 3}
        />
      )}
      {width > 96 && (
        <text class="on-art" x={x + 8} y={TOPS[side] + 20}>
          {isChosen && width > 110 ? '✓ ' : ''}
          {shortId(artifactId)}
        </text>
      )}
    </a>
  );
}
