/** All labels with what is under each, those first that need somebody to look. */
import type { Overview, OverviewLabel } from '../../store/overview.ts';
import { worstOf } from '../../walrus/standing.ts';
import type { Assets } from '../assets.ts';
import { CertaintyBar } from '../charts/certainty-bar.tsx';
import { ChangeStrip } from '../charts/change-strip.tsx';
import { Fills } from '../charts/fills.tsx';
import { counted, grouped } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, withQuery } from '../page.ts';
import { Artifact, FileNames, LabelName } from '../parts/artifact.tsx';
import { Empty } from '../parts/empty.tsx';
import { ShortEvidence } from '../parts/evidence.tsx';
import { Verification } from '../parts/standing.tsx';
import { Ago } from '../parts/time.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { WindowText } from '../parts/window.tsx';
import { Word } from '../parts/word.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  overview: Overview;
  search: { glob: string; removed: boolean };
  number: number;
  pageSize: number;
  /** ms */
  changesSince: number;
  tracesSince: number;
}

export function OverviewPage(props: Props) {
  const { page, assets, overview, search } = props;
  return (
    <Shell page={page} assets={assets} title="Labels" room="labels">
      <Fills />
      <h1>Labels</h1>
      <form method="get" action="/" class="fields">
        <label>
          <span>Name (* is any text, ? one character)</span>
          <input
            name="q"
            value={search.glob}
            size={32}
            maxlength={200}
            data-filter=""
            autocomplete="off"
          />
        </label>
        {search.removed && <input type="hidden" name="removed" value="yes" />}
        <button type="submit">Search</button>
        <span class="live" data-live-state="" role="status">
          as of when this page was loaded
        </span>
      </form>
      <div data-live-from="/api/v1/events" data-live-every="30" data-live="labels">
        {overview.labels.length === 0 ? <Nothing {...props} /> : <Labels {...props} />}
      </div>
      <Other {...props} />
    </Shell>
  );
}

function Nothing({ overview, search, number }: Props) {
  if (number > 1 && overview.total > 0) {
    return (
      <Empty what="The list has no such page.">
        <p>
          <a href={withQuery('/', queryOf(search))}>Its first page</a>
        </p>
      </Empty>
    );
  }
  if (search.glob !== '' || search.removed || overview.total > 0) {
    return (
      <Empty what={`No ${search.removed ? 'removed ' : ''}label is called so.`}>
        <p>
          <a href="/">All labels</a>
        </p>
      </Empty>
    );
  }
  return (
    <Empty what="No label is registered yet.">
      <p>A label is a name for a model, with a source that says which artifact is under it now:</p>
      <p>
        <code>
          underlabel label add og/my-model --source model-hub --model NAME --author AUTHOR
        </code>
      </p>
      <p>
        To see the whole story first: <code>npm run demo</code>. Traces that arrive without a label
        are at <a href="/unmapped">Unmapped</a>.
      </p>
    </Empty>
  );
}

function Labels(props: Props) {
  const { overview, page, number, pageSize, search, changesSince, tracesSince } = props;
  const { total, failing, overdue, labels, tracesComplete } = overview;
  const first = (number - 1) * pageSize + 1;
  const last = first + labels.length - 1;
  const more = queryOf(search);
  return (
    <>
      <p>
        {counted(total, 'label')}
        {total > labels.length && `, ${grouped(first)} to ${grouped(last)} here`}.{' '}
        {failing > 0 && <Word word={`${grouped(failing)} failing`} tone="alarm" shape="triangle" />}{' '}
        {overdue > 0 && <Word word={`${grouped(overdue)} overdue`} tone="care" shape="ring" />}
        {!tracesComplete && ' Older traces are still being counted.'}
      </p>
      <table class="cards overview" data-list="">
        <caption class="hidden">
          Labels: those that can’t be read first, then those that were not confirmed in time
        </caption>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Under it</th>
            <th scope="col">Since</th>
            <th scope="col">Last confirmed</th>
            <th scope="col">Changes in 7 days</th>
            <th scope="col">
              Traces since <Ago at={tracesSince} page={page} />
            </th>
          </tr>
        </thead>
        <tbody>
          {labels.map((one) => (
            <Row {...one} page={page} since={changesSince} complete={tracesComplete} />
          ))}
        </tbody>
      </table>
      <nav class="pager" aria-label="Pages">
        {number > 1 && <a href={withQuery('/', { ...more, page: number - 1 })}>Before</a>}
        {last < total && (
          <a href={withQuery('/', { ...more, page: number + 1 })} rel="next">
            More
          </a>
        )}
      </nav>
    </>
  );
}

function queryOf({ glob, removed }: Props['search']) {
  return { q: glob || null, removed: removed ? 'yes' : null };
}

type RowProps = OverviewLabel & { page: PageContext; since: number; complete: boolean };

function Row({ label, page, since, complete, ...one }: RowProps) {
  const { current } = label;
  return (
    <tr class={one.isFailing ? 'troubled' : undefined} data-open="">
      <th scope="row">
        <LabelName name={label.name} />
        <Trouble {...one} label={label} page={page} />
      </th>
      <td data-name="Under it">
        {current ? (
          <>
            <Artifact artifactId={current.artifactId} /> <Bytes states={current.blobStates} />
            <div>
              <Files {...one.files} />
            </div>
            {current.evidence && <ShortEvidence evidence={current.evidence} />}
          </>
        ) : (
          <Word
            word="not known"
            tone="open"
            shape="ring"
            title="No reading has said anything yet"
          />
        )}
      </td>
      <td data-name="Since">{current && <WindowText window={current.since} page={page} />}</td>
      <td data-name="Last confirmed" data-quiet="">
        {current ? <Ago at={current.lastConfirmedAt} page={page} /> : 'never'}
      </td>
      <td data-name="Changes in 7 days">
        <ChangeStrip page={page} changes={one.changes} hasMore={one.hasMoreChanges} since={since} />
      </td>
      <td data-name="Traces">
        <CertaintyBar traces={one.traces} complete={complete} />
      </td>
    </tr>
  );
}

function Bytes({
  states,
}: {
  states: NonNullable<OverviewLabel['label']['current']>['blobStates'];
}) {
  const found = (Object.keys(states) as (keyof typeof states)[]).filter(
    (state) => states[state] > 0,
  );
  return found.length === 0 ? null : <Verification state={worstOf(found)} />;
}

/** Not all paths are looked up. */
function Files({ paths, count }: OverviewLabel['files']) {
  const unnamed = Array.from({ length: Math.max(0, count - paths.length) }, () => '');
  return <FileNames paths={[...paths.map((path) => cutLine(path, 60)), ...unnamed]} />;
}

function Other({ overview, search }: Props) {
  if (search.removed) {
    return (
      <p>
        These are not watched any more; their history stays. <a href="/">Watched labels</a>
      </p>
    );
  }
  if (overview.removed === 0) return null;
  return (
    <p class="soft">
      <a href="/?removed=yes">{counted(overview.removed, 'label')}</a> not watched any more.
    </p>
  );
}
