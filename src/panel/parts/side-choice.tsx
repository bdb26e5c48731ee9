/** Sides of a diff to choose by a click: artifacts that the label held, and the last days. */
import type { LabelPicture, PicturedRun } from '../../store/label-picture.ts';
import { TenureChoice } from '../charts/tenure-choice.tsx';
import { grouped } from '../counted.ts';
import { choosing, type DiffSide, type TypedDiff } from '../diff-form.ts';
import type { Day } from '../last-days.ts';
import { type PageContext, pathTo } from '../page.ts';
import { Artifact } from './artifact.tsx';
import { Empty } from './empty.tsx';
import { At } from './time.tsx';

interface Props {
  page: PageContext;
  typed: TypedDiff;
  picture: LabelPicture;
  /** Of the picture, ms. */
  from: number;
  to: number;
  days: readonly Day[];
}

const MOST_ARTIFACTS = 12;

export function SideChoice(props: Props) {
  const { page, typed, picture, days } = props;
  const tenures = newestOfEach(picture);
  return (
    <section aria-labelledby="choose">
      <h2 id="choose">Choose the sides</h2>
      <div class="columns">
        <div>
          <h3>By artifact</h3>
          {tenures.length === 0 ? (
            <Empty what="No reading has shown an artifact under it in this time.">
              <p>Choose days, or type an artifact id below.</p>
            </Empty>
          ) : (
            <Artifacts {...props} tenures={tenures} />
          )}
          <p class="small">
            <a href={pathTo('labels', typed.label)}>The label’s timeline</a> has all it held.
          </p>
        </div>
        <div>
          <h3>By day ({page.zone})</h3>
          <Days typed={typed} days={days} />
        </div>
      </div>
      {tenures.length > 0 && (
        <figure class="noprint">
          <TenureChoice {...props} />
          <figcaption>
            The same, drawn: the first row chooses before, the second after. Hatched is where a
            change must lie.
          </figcaption>
        </figure>
      )}
    </section>
  );
}

/** Each artifact once, the newest first. */
function newestOfEach({ runs, newest }: LabelPicture): (PicturedRun & { artifactId: string })[] {
  const found = new Map<string, PicturedRun & { artifactId: string }>();
  const all = [...newest.map(({ run }) => run), ...[...runs].reverse()];
  for (const run of all) {
    const { artifactId } = run;
    if (artifactId !== null && !found.has(artifactId))
      found.set(artifactId, { ...run, artifactId });
  }
  return [...found.values()].slice(0, MOST_ARTIFACTS);
}

function Artifacts({
  page,
  typed,
  tenures,
}: Pick<Props, 'page' | 'typed'> & { tenures: ReturnType<typeof newestOfEach> }) {
  return (
    <table class="cards">
      <caption class="hidden">Artifacts that the label held, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Artifact</th>
          <th scope="col">Last confirmed</th>
          <th scope="col">Choose as</th>
        </tr>
      </thead>
      <tbody>
        {tenures.map(({ artifactId, lastConfirmedAt }) => (
          <tr>
            <th scope="row">
              <Artifact artifactId={artifactId} />
            </th>
            <td data-name="Last confirmed">
              <At at={lastConfirmedAt} page={page} />
            </td>
            <td data-name="Choose as">
              <Sides typed={typed} what={artifactId} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Days({ typed, days }: Pick<Props, 'typed' | 'days'>) {
  return (
    <table>
      <caption class="hidden">The last days, with how many traces began in each</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col" class="right">
            Traces
          </th>
          <th scope="col">Choose as</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ name, traces, isAbout }, i) => (
          <tr>
            <th scope="row">
              <span class="nowrap">{name}</span>
              {i === 0 && <span class="soft"> (not over)</span>}
            </th>
            <td class="right">
              {isAbout && 'about '}
              {grouped(traces)}
            </td>
            <td>
              <Sides typed={typed} what={name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sides({ typed, what }: { typed: TypedDiff; what: string }) {
  const isGiven = (side: DiffSide) => typed[side] !== '' || typed[`${side}From`] !== '';
  return (
    <span class="row">
      {(['before', 'after'] satisfies DiffSide[]).map((side) => (
        <a
          class="choice"
          href={`${choosing(typed, side, what)}#${isGiven(side === 'before' ? 'after' : 'before') ? 'sides' : 'choose'}`}
          aria-current={typed[side] === what ? 'true' : undefined}
        >
          {typed[side] === what ? `✓ ${side}` : side}
        </a>
      ))}
    </span>
  );
}
