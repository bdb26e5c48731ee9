/** Traces, newest first: each with its label, what is under it and how certain that is, all together. */
import type { StoredTrace } from '../../store/store.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { tracePath } from '../trace-links.ts';
import { shortTraceId, unmappedText } from '../trace-words.ts';
import { howLong } from '../when.ts';
import { At } from './time.tsx';
import { TraceArtifact } from './trace-artifact.tsx';
import { Certainty } from './word.tsx';

interface Props {
  page: PageContext;
  caption: string;
  traces: readonly StoredTrace[];
  /** The list with this alone, besides what it is narrowed to already; null: it is so, or can't be. */
  narrowed: (field: 'label' | 'certainty' | 'decision', value: string) => string | null;
}

const LONGEST_DECISION = 60;

export function TraceTable({ page, caption, traces, narrowed }: Props) {
  return (
    <table class="cards traces" data-list="">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Label</th>
          <th scope="col">Under it</th>
          <th scope="col">Decision</th>
          <th scope="col" class="right">
            Took
          </th>
          <th scope="col">Trace</th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace) => (
          <Row page={page} trace={trace} narrowed={narrowed} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = Pick<Props, 'page' | 'narrowed'> & { trace: StoredTrace };

function Row({ page, trace, narrowed }: RowProps) {
  const { label, decision, attribution } = trace;
  const { certainty, conflict } = attribution;
  return (
    <tr id={`trace-${trace.seq}`} data-open="" class={conflict ? 'troubled' : undefined}>
      <th scope="row">
        <a href={tracePath(trace.id)}>
          <At at={trace.startedAt} page={page} />
        </a>
      </th>
      <td data-name="Label">
        {label === null ? (
          <span class="soft">{unmappedText(trace)}</span>
        ) : (
          <Narrowing path={narrowed('label', label)} words={label} />
        )}
      </td>
      <td data-name="Under it">
        <span class="row">
          <TraceArtifact attribution={attribution} />
          <Certainty certainty={certainty} conflict={conflict} />
        </span>
      </td>
      <td data-name="Decision">
        {decision === null ? (
          <span class="soft">none</span>
        ) : (
          <Narrowing
            path={decision.length > LONGEST_DECISION ? null : narrowed('decision', decision)}
            words={cutLine(decision, LONGEST_DECISION)}
          />
        )}
      </td>
      <td data-name="Took" class="right nowrap">
        {howLong(trace.endedAt - trace.startedAt)}
      </td>
      <td data-name="Trace">
        <span class="id">{shortTraceId(trace.id)}</span>
      </td>
    </tr>
  );
}

function Narrowing({ path, words }: { path: string | null; words: string }) {
  if (path === null) return <>{words}</>;
  return (
    <a href={path} class="narrowing" title="Only these">
      {words}
    </a>
  );
}
