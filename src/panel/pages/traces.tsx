/** Traces by a filter, newest first, live if wanted. */
import type { StoredTrace } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import { lineWith } from '../filter-line.ts';
import type { PageContext } from '../page.ts';
import { Empty } from '../parts/empty.tsx';
import { FilterForm } from '../parts/filter-form.tsx';
import { Pager } from '../parts/pager.tsx';
import { TraceTable } from '../parts/trace-table.tsx';
import { Shell } from '../shell.tsx';
import type { TraceLine } from '../trace-filter.ts';
import { exportPath, streamPath, tracesPath } from '../trace-links.ts';
import { exact } from '../when.ts';

interface Props {
  page: PageContext;
  assets: Assets;
  /** As it was typed. */
  line: string;
  read: TraceLine;
  traces: readonly StoredTrace[];
  live: boolean;
  isFirst: boolean;
  /** Of the page after this one; null: it is the last. */
  next: string | null;
  /** A label that may have been meant, where the one asked for has no traces. */
  near: string | null;
}

/** A longer one stands in no link of each row: the page would be made of it. */
const LONGEST_REPEATED = 200;

export function TracesPage(props: Props) {
  const { page, assets, line, read, live, isFirst } = props;
  const isLive = live && isFirst && read.filter !== null;
  return (
    <Shell
      page={page}
      assets={assets}
      title={line === '' ? 'Traces' : 'Traces, filtered'}
      room="traces"
    >
      <h1>Traces</h1>
      <FilterForm
        line={line}
        words={read.words}
        mistakes={read.mistakes}
        live={live}
        zone={page.zone}
      />
      {read.filter !== null && <Actions {...props} isLive={isLive} />}
      <div
        data-live="traces"
        data-live-from={isLive && read.filter ? streamPath(read.filter) : undefined}
        data-live-every={isLive ? 30 : undefined}
      >
        <List {...props} />
      </div>
    </Shell>
  );
}

function Actions({ line, read, isFirst, isLive }: Props & { isLive: boolean }) {
  return (
    <p class="row">
      {isLive ? (
        <>
          <span class="live" role="status">
            <span data-live-state="">not live yet</span>
          </span>
          <a href={tracesPath(line)}>Stop</a>
          <noscript>
            <span class="soft">
              Without JavaScript the list stays as it is: load the page again.
            </span>
          </noscript>
        </>
      ) : (
        <a href={tracesPath(line, { live: true })}>Watch live</a>
      )}
      <a href={exportPath(read.filter!)} download="traces.ndjson">
        All of them as NDJSON
      </a>
      {!isFirst && <span class="soft">Older traces: not live</span>}
    </p>
  );
}

function List({ page, line, read, traces, isFirst, next, near, live }: Props) {
  if (traces.length === 0) {
    if (next !== null)
      return <Pager first={tracesPath(line)} next={next} older="Look further back" />;
    return read.filter === null ? null : <NoTraces line={line} near={near} isFirst={isFirst} />;
  }
  const narrowed = (field: 'label' | 'certainty' | 'decision', value: string) => {
    const isThere = read.words.some((word) => word.field === field && word.value === value);
    if (isThere || line.length > LONGEST_REPEATED) return null;
    return tracesPath(lineWith(read.words, field, value), { live: live || undefined });
  };
  const order = isFirst ? 'Newest first' : 'Older ones, newest first';
  // Live, it is as of the newest of them, and says by itself whether it is.
  const caption = live && isFirst ? order : `${order}, as of ${exact(page.now, page.zone)}`;
  return (
    <>
      <TraceTable page={page} caption={caption} traces={traces} narrowed={narrowed} />
      <Pager first={isFirst ? null : tracesPath(line)} firstWords="To the newest" next={next} />
    </>
  );
}

function NoTraces({ line, near, isFirst }: Pick<Props, 'line' | 'near' | 'isFirst'>) {
  if (!isFirst) {
    return (
      <Empty what="There are no older ones.">
        <a href={tracesPath(line)}>To the newest</a>
      </Empty>
    );
  }
  if (line === '') {
    return (
      <Empty what="No trace was recorded yet.">
        <p>
          Send spans to <code>/v1/traces</code> (OTLP over HTTP), or traces to{' '}
          <code>/api/v1/traces</code>; or bring them in from a file:{' '}
          <code>underlabel traces import FILE.ndjson</code>
        </p>
      </Empty>
    );
  }
  return (
    <Empty what="No trace fits this filter.">
      {near !== null && (
        <p>
          No label is called so. Did you mean{' '}
          <a href={tracesPath(`label:${near}`)}>
            <code>{near}</code>
          </a>
          ?
        </p>
      )}
      <p>
        Take a word off, or look at <a href="/traces">all traces</a>. What no label has is{' '}
        <a href="/unmapped">unmapped</a>.
      </p>
    </Empty>
  );
}
