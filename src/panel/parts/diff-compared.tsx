/** The two sides of a diff: what was asked for, what answered, how much of it counts. */
import type { Cohort, Report } from '../../contract/diff.ts';
import { counted, grouped, leftOutText, pairsText, percent } from '../../diff/rendering/index.ts';
import { type PageContext, pathTo } from '../page.ts';
import { exact } from '../when.ts';
import { Artifact } from './artifact.tsx';
import { Asked } from './diff-asked.tsx';

const MOST_ARTIFACTS = 8;

export function DiffCompared({ report, page }: { report: Report; page: PageContext }) {
  const { before, after } = report;
  const inside = insidePath(report);
  return (
    <section aria-labelledby="compared">
      <h2 id="compared">What was compared</h2>
      <section class="scroll" tabindex={0} aria-label="The two sides">
        <table class="cards">
          <caption class="hidden">The two sides</caption>
          <thead>
            <tr>
              <th scope="col">Side</th>
              <th scope="col">Asked for</th>
              <th scope="col">Produced by</th>
              <th scope="col">Compared</th>
              <th scope="col">Left out</th>
            </tr>
          </thead>
          <tbody>
            <SideRow name="before" side={before} page={page} />
            <SideRow name="after" side={after} page={page} />
          </tbody>
        </table>
      </section>
      <p>
        {pairsText(report)}.{' '}
        {report.pairs.conversations !== null &&
          `They fall into ${counted(report.pairs.conversations, 'independent group')}. `}
        {inside && <a href={inside}>What changed inside the artifact</a>}
      </p>
    </section>
  );
}

function SideRow({ name, side, page }: { name: string; side: Cohort; page: PageContext }) {
  const { asked, artifacts, traces, inputs, errors, from, to } = side;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-name="Asked for">
        <Asked asked={asked} page={page} />
      </td>
      <td data-name="Produced by">
        {artifacts.length === 0 && <span class="soft">nothing</span>}
        {artifacts.slice(0, MOST_ARTIFACTS).map(({ artifactId, share }) => (
          <div>
            <Artifact artifactId={artifactId} />{' '}
            {artifacts.length > 1 && <span class="soft">{percent(share)}</span>}
          </div>
        ))}
        {artifacts.length > MOST_ARTIFACTS && (
          <div class="soft">and {grouped(artifacts.length - MOST_ARTIFACTS)} others</div>
        )}
      </td>
      <td data-name="Compared">
        {counted(traces, 'trace')}, {counted(inputs, 'input')}
        {errors > 0 && `, ${grouped(errors)} ended in an error`}
        {from !== null && to !== null && (
          <div class="soft small">
            started {exact(Date.parse(from), page.zone)} to {exact(Date.parse(to), page.zone)}
          </div>
        )}
      </td>
      <td data-name="Left out">{leftOutText(side) || 'none'}</td>
    </tr>
  );
}

/** Where each side is of one artifact, and they are two. */
function insidePath({ before, after }: Report): string | null {
  const [from, to] = [before.artifacts, after.artifacts];
  const [one, other] = [from[0], to[0]];
  if (!one || !other || from.length > 1 || to.length > 1) return null;
  if (one.artifactId === other.artifactId) return null;
  return pathTo('compare', one.artifactId, other.artifactId);
}
