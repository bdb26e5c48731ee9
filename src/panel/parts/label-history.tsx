/** Changes and tenures of one label, newest first: what its timeline draws, as tables. */
import type { LabelPicture } from '../../store/label-picture.ts';
import type { StoredChange } from '../../store/store.ts';
import { counted } from '../counted.ts';
import { type PageContext, pathTo } from '../page.ts';
import { howLong } from '../when.ts';
import { Artifact } from './artifact.tsx';
import { ambiguousPath, ChangeKindWord, effectPath, insidePath } from './change.tsx';
import { Empty } from './empty.tsx';
import { Ago, At } from './time.tsx';
import { WindowText } from './window.tsx';

interface Props {
  page: PageContext;
  name: string;
  newest: LabelPicture['newest'];
  hasMore: boolean;
}

export function LabelChanges({ page, name, newest, hasMore }: Props) {
  const changes = newest.flatMap(({ change }): StoredChange[] =>
    change ? [{ ...change, label: name, retiredAt: null }] : [],
  );
  if (changes.length === 0) return <Empty what="No change was seen in this time." />;
  return (
    <table class="cards">
      <caption>
        {hasMore ? 'The newest of this time; move along for others' : 'All of this time'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">From, to</th>
          <th scope="col">Happened</th>
          <th scope="col">Detected</th>
          <th scope="col">Look</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <ChangeRow change={change} page={page} />
        ))}
      </tbody>
    </table>
  );
}

function ChangeRow({ change, page }: { change: StoredChange; page: PageContext }) {
  const { id, kind, from, to, after, before, detectedAt } = change;
  const [inside, open] = [insidePath(change), ambiguousPath(change)];
  const effect = effectPath(change);
  return (
    <tr>
      <th scope="row">
        <a href={pathTo('changes', id)}>
          <ChangeKindWord kind={kind} />
        </a>
      </th>
      <td data-name="From, to">
        {kind !== 'first_seen' && (
          <>
            <Artifact artifactId={from} /> →{' '}
          </>
        )}
        <Artifact artifactId={to} />
      </td>
      <td data-name="Happened">
        <WindowText window={{ after, before }} page={page} />
      </td>
      <td data-name="Detected">
        <Ago at={detectedAt} page={page} />
      </td>
      <td data-name="Look">
        <span class="row">
          {inside && <a href={inside}>what changed inside</a>}
          {open && <a href={open}>traces it leaves open</a>}
          {effect && <a href={effect}>compare decisions</a>}
        </span>
      </td>
    </tr>
  );
}

export function LabelTenures({ page, newest, hasMore }: Props) {
  if (newest.length === 0) return null;
  return (
    <table class="cards">
      <caption>
        {hasMore ? 'The newest of this time; move along for others' : 'All of this time'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Under the label</th>
          <th scope="col">First seen</th>
          <th scope="col">Last confirmed</th>
          <th scope="col">Readings</th>
          <th scope="col">Longest gap</th>
        </tr>
      </thead>
      <tbody>
        {newest.map(({ run }) => (
          <tr>
            <th scope="row">
              <Artifact artifactId={run.artifactId} />
            </th>
            <td data-name="First seen">
              <At at={run.firstSeenAt} page={page} />
            </td>
            <td data-name="Last confirmed" data-quiet="">
              <At at={run.lastConfirmedAt} page={page} />
              {run.until === null && <div class="small soft">still there as of then</div>}
            </td>
            <td data-name="Readings" data-quiet="">
              {counted(run.observations, 'reading')}
            </td>
            <td data-name="Longest gap" data-quiet="">
              {howLong(run.maxGapMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
