/** Changes of all labels: from what to what, in which window, and when it was detected. */
import type { StoredChange } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import { type GivenTime, hintOf } from '../given-time.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { Artifact, LabelName } from '../parts/artifact.tsx';
import { ChangeKindWord, insidePath, RetiredWord, timelinePath } from '../parts/change.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { Pager } from '../parts/pager.tsx';
import { Ago } from '../parts/time.tsx';
import { WindowText } from '../parts/window.tsx';
import { Shell } from '../shell.tsx';

interface Filter {
  label: string;
  from: GivenTime;
  to: GivenTime;
  retired: boolean;
}

interface Props {
  page: PageContext;
  assets: Assets;
  changes: readonly StoredChange[];
  filter: Filter;
  firstPath: string | null;
  nextPath: string | null;
}

export function ChangesPage({ page, assets, changes, filter, firstPath, nextPath }: Props) {
  const events = withQuery('/api/v1/events', {
    type: 'underlabel.change.*',
    label: filter.label || null,
  });
  return (
    <Shell page={page} assets={assets} title="Changes" room="changes">
      <h1>Changes</h1>
      <p class="soft">
        What changed under labels, detected last first. A change happened somewhere in its window:
        when exactly, no reading says.
      </p>
      <FilterForm filter={filter} page={page} />
      {firstPath === null && (
        <p class="live" data-live-state="" role="status">
          as of when this page was loaded
        </p>
      )}
      <div
        data-live-from={firstPath === null ? events : undefined}
        data-live-every={firstPath === null ? 30 : undefined}
        data-live={firstPath === null ? 'changes' : undefined}
      >
        {changes.length === 0 ? (
          <Nothing filter={filter} isFirst={firstPath === null} />
        ) : (
          <table class="cards" data-list="">
            <caption class="hidden">Changes, detected last first</caption>
            <thead>
              <tr>
                <th scope="col">Detected</th>
                <th scope="col">Label</th>
                <th scope="col">Change</th>
                <th scope="col">From → to</th>
                <th scope="col">Window</th>
                <th scope="col">Look further</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((change) => (
                <ChangeRow change={change} page={page} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      <Pager first={firstPath} firstWords="Newest changes" next={nextPath} older="Older changes" />
    </Shell>
  );
}

function ChangeRow({ change, page }: { change: StoredChange; page: PageContext }) {
  const inside = insidePath(change);
  return (
    <tr id={`change-${change.id}`} data-open="">
      <th scope="row">
        <a href={pathTo('changes', change.id)}>
          <Ago at={change.detectedAt} page={page} />
        </a>
      </th>
      <td data-name="Label">
        <LabelName name={change.label} />
      </td>
      <td data-name="Change">
        <span class="row">
          <ChangeKindWord kind={change.kind} />
          {change.retiredAt !== null && <RetiredWord />}
        </span>
      </td>
      <td data-name="From → to">
        <Side artifactId={change.from} isBefore kind={change.kind} /> →{' '}
        <Side artifactId={change.to} kind={change.kind} />
      </td>
      <td data-name="Window" class="small">
        <WindowText window={change} page={page} />
      </td>
      <td data-name="Look further" class="small">
        <span class="row">
          {inside && <a href={inside}>inside</a>}
          <a href={timelinePath(change)}>timeline</a>
        </span>
      </td>
    </tr>
  );
}

/** Before the first one there was not "absent": nobody had looked. */
export function Side({
  artifactId,
  isBefore = false,
  kind,
}: {
  artifactId: string | null;
  isBefore?: boolean;
  kind: StoredChange['kind'];
}) {
  if (artifactId === null && isBefore && kind === 'first_seen') {
    return <span class="soft">nothing known</span>;
  }
  return <Artifact artifactId={artifactId} />;
}

function FilterForm({ filter, page }: { filter: Filter; page: PageContext }) {
  return (
    <form method="get" action="/changes" class="fields">
      <label>
        <span>Label (* any text)</span>
        <input
          name="label"
          value={filter.label}
          size={24}
          maxlength={200}
          autocomplete="off"
          data-filter=""
        />
      </label>
      <Field
        name="from"
        words="Detected from"
        value={filter.from.text}
        problem={filter.from.problem}
        size={18}
      />
      <Field
        name="to"
        words="and before"
        value={filter.to.text}
        problem={filter.to.problem}
        size={18}
      />
      <label>
        <span>Retired by an import</span>
        <select name="retired">
          <option value="" selected={filter.retired}>
            shown, marked
          </option>
          <option value="no" selected={!filter.retired}>
            left out
          </option>
        </select>
      </label>
      <button type="submit">Filter</button>
      <p class="soft small">Times {hintOf(page.zone)}</p>
    </form>
  );
}

function Nothing({ filter, isFirst }: { filter: Filter; isFirst: boolean }) {
  if (filter.from.problem !== null || filter.to.problem !== null) {
    return <Empty what="The filter can not be read, so nothing is shown." />;
  }
  const isFiltered = filter.label !== '' || filter.from.at !== null || filter.to.at !== null;
  if (isFiltered || !isFirst) {
    return (
      <Empty what={isFirst ? 'No change fits the filter.' : 'There are no older changes.'}>
        <p>
          A label that changed between two readings and back leaves no trace here.{' '}
          <a href="/changes">All changes</a>
        </p>
      </Empty>
    );
  }
  return (
    <Empty what="No change was detected yet.">
      <p>
        The first reading of a label is the first one. Register a label:{' '}
        <code>underlabel label add NAME --source model-hub …</code>, or look at{' '}
        <a href="/">what is there</a>.
      </p>
    </Empty>
  );
}
