/** The spans of the same OTLP trace that are no inferences, the trace itself at its place among them. */
import { SPAN_STATUSES } from '../../contract/context-span.ts';
import type { ContextSpan } from '../../store/context-span.ts';
import type { StoredTrace } from '../../store/store.ts';
import { inTree, type PlacedSpan, type SpanNode, traceNode } from '../../words/span-tree.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { exactBeside, howLong } from '../when.ts';

const MOST = 100;
const MOST_DEPTH = 12;
const LONGEST = 80;

interface Props {
  page: PageContext;
  trace: StoredTrace;
  spans: readonly ContextSpan[];
}

export function SpanTable({ page, trace, spans }: Props) {
  const attributes = recordIn(trace.attributes);
  const nodes = [...spans.map(nodeOf), traceNode({ ...trace, attributes })].sort(
    (a, b) => a.startedAt - b.startedAt,
  );
  const placed = inTree(nodes);
  const own = placed.findIndex(({ node }) => node.isTrace);
  // It is never among those left out.
  const shown = own < MOST ? placed.slice(0, MOST) : [...placed.slice(0, MOST - 1), placed[own]!];
  const left = placed.length - shown.length;
  return (
    <>
      <table class="cards">
        <caption>Spans of the same trace, each under the one that called it</caption>
        <thead>
          <tr>
            <th scope="col">Span</th>
            <th scope="col">Service</th>
            <th scope="col">Began</th>
            <th scope="col" class="right">
              Took
            </th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <Row page={page} placed={one} beside={trace.startedAt} />
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="soft">and {left.toLocaleString('en')} more spans</p>}
    </>
  );
}

interface RowProps {
  page: PageContext;
  placed: PlacedSpan<number>;
  beside: number;
}

function Row({ page, placed: { node, depth }, beside }: RowProps) {
  const lead = '· '.repeat(Math.min(depth, MOST_DEPTH));
  const name = cutLine(node.name, LONGEST);
  return (
    <tr class={node.isTrace ? 'chosen' : undefined}>
      <th scope="row">
        <span class="soft" aria-hidden="true">
          {lead}
        </span>
        {depth > 0 && <span class="hidden">{`level ${depth + 1} `}</span>}
        {node.isTrace ? <strong>this trace: {name}</strong> : name}
      </th>
      <td data-name="Service">{node.service === null ? '–' : cutLine(node.service, LONGEST)}</td>
      <td data-name="Began" class="nowrap">
        {exactBeside(node.startedAt, beside, page.zone)}
      </td>
      <td data-name="Took" class="right">
        {howLong(node.endedAt - node.startedAt)}
      </td>
      <td data-name="Status">{node.status ?? '–'}</td>
    </tr>
  );
}

function nodeOf({ status, ...span }: ContextSpan): SpanNode<number> {
  return { ...span, status: SPAN_STATUSES[status] ?? 'unset', isTrace: false };
}

/** Attributes are an object by contract; where they can't be read, nothing is known of them. */
function recordIn(text: string | null): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
