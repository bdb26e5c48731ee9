/** Under which labels an artifact was, from when to when, as far as readings say. */
import type { ArtifactTenure } from '../../store/store.ts';
import { counted } from '../counted.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { howLong } from '../when.ts';
import { LabelName } from './artifact.tsx';
import { Empty } from './empty.tsx';
import { Ago, At } from './time.tsx';
import { WindowText } from './window.tsx';
import { Word } from './word.tsx';

interface Props {
  /** One more than `most` where there are more. */
  tenures: readonly ArtifactTenure[];
  most: number;
  page: PageContext;
}

export function ArtifactTenures({ tenures, most, page }: Props) {
  if (tenures.length === 0) {
    return (
      <Empty what="No reading says any more that it was under a label.">
        <p>It was seen, and a later import of readings put something else in its place.</p>
      </Empty>
    );
  }
  return (
    <table class="cards">
      <caption>
        Tenures, seen last first
        {tenures.length > most ? `: the newest ${most}; the pages of labels have all` : ''}
      </caption>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Came</th>
          <th scope="col">Last confirmed</th>
          <th scope="col">Went</th>
          <th scope="col">Readings</th>
        </tr>
      </thead>
      <tbody>
        {tenures.slice(0, most).map((tenure) => (
          <TenureRow tenure={tenure} page={page} />
        ))}
      </tbody>
    </table>
  );
}

function TenureRow({ tenure, page }: { tenure: ArtifactTenure; page: PageContext }) {
  const { label, began, ended, firstSeenAt, lastConfirmedAt, observations, maxGapMs } = tenure;
  const range = {
    from: new Date(began.after ?? firstSeenAt).toISOString(),
    to: ended && new Date(ended.before).toISOString(),
  };
  return (
    <tr>
      <th scope="row">
        <LabelName name={label} />{' '}
        <a class="small nowrap" href={withQuery(pathTo('labels', label), range)}>
          its timeline then
        </a>
      </th>
      <td data-name="Came">
        <WindowText window={began} page={page} />
      </td>
      <td data-name="Last confirmed">
        <At at={lastConfirmedAt} page={page} />
      </td>
      <td data-name="Went">
        {ended ? (
          <WindowText window={ended} page={page} />
        ) : (
          <>
            <Word
              word="still there"
              tone="open"
              shape="half"
              title="No later reading says otherwise; what was after the last one is not known"
            />{' '}
            <span class="small">
              as of <Ago at={lastConfirmedAt} page={page} />
            </span>
          </>
        )}
      </td>
      <td data-name="Readings">
        {counted(observations, 'reading')}
        <div class="small soft">longest gap {howLong(maxGapMs)}</div>
      </td>
    </tr>
  );
}
