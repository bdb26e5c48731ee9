/** A trace: what produced it and on what grounds, what went in and came out, and all that came with it. */
import type { BlobFacts } from '../../store/blob.ts';
import type { ContextSpan } from '../../store/context-span.ts';
import type { StoredLabel, StoredTrace } from '../../store/store.ts';
import type { Assets } from '../assets.ts';
import { AroundTrace } from '../charts/around-trace.tsx';
import type { GivenTime } from '../given-time.ts';
import { type PageContext, pathTo } from '../page.ts';
import { LabelName } from '../parts/artifact.tsx';
import { ArtifactBeside } from '../parts/artifact-beside.tsx';
import { UnreadTime } from '../parts/as-of.tsx';
import { Copy } from '../parts/copy.tsx';
import { SpanTable } from '../parts/span-table.tsx';
import { At } from '../parts/time.tsx';
import { TraceArtifact } from '../parts/trace-artifact.tsx';
import { TraceAsOf } from '../parts/trace-as-of.tsx';
import { TraceFacts } from '../parts/trace-facts.tsx';
import { TraceText } from '../parts/trace-text.tsx';
import { Certainty } from '../parts/word.tsx';
import { Shell } from '../shell.tsx';
import { tracePath } from '../trace-links.ts';
import { shortTraceId, traceSentence, unmappedText } from '../trace-words.ts';
import { visible } from '../visible.ts';

interface Props {
  page: PageContext;
  assets: Assets;
  /** As it is known now. */
  now: StoredTrace;
  /** As it was known at `asOf`; null: no time was chosen. */
  then: StoredTrace | null;
  asOf: GivenTime;
  /** Of what is shown; null: it has none, or nobody registered it. */
  label: StoredLabel | null;
  /** Of the blob that it names; null: it names none. */
  blob: BlobFacts | null;
  spans: readonly ContextSpan[];
}

/** Of the page, for each. */
const TEXT_BYTES = 24_000;
const ATTRIBUTE_BYTES = 8000;
const MOST_CANDIDATES = 20;

export function TracePage(props: Props) {
  const { page, assets, now, then, asOf, label, spans } = props;
  const shown = then ?? now;
  return (
    <Shell page={page} assets={assets} title={`Trace ${shortTraceId(now.id)}`} room="traces">
      <p class="crumbs">
        <a href="/traces">Traces</a>
      </p>
      <div class="row">
        <h1>Trace {shortTraceId(now.id)}</h1>
        <Copy text={now.id} what="the trace's id" />
      </div>
      {shortTraceId(now.id) !== visible(now.id) && (
        <p>
          <code>{visible(now.id)}</code>
        </p>
      )}
      <UnreadTime asOf={asOf} />
      {then && asOf.at !== null && (
        <div class="notice care">
          <p>
            As it was known <At at={asOf.at} page={page} />.{' '}
            <a href={tracePath(now.id)}>As it is known now</a>
          </p>
        </div>
      )}
      <Tag page={page} trace={shown} />
      {shown.label !== null && (
        <AroundTrace
          page={page}
          startedAt={shown.startedAt}
          endedAt={shown.endedAt}
          tolerance={label}
          attribution={shown.attribution}
        />
      )}
      <h2>What was known when</h2>
      <TraceAsOf page={page} now={now} then={then} asOf={asOf} />
      <div class="columns">
        <Text trace={now} part="input" title="Input" />
        <Text trace={now} part="output" title="Output" />
      </div>
      <h2>What came with it</h2>
      <TraceFacts page={page} trace={shown} label={label} blob={props.blob} />
      {now.attributes !== null && (
        <details>
          <summary>Attributes</summary>
          <TraceText id={now.id} part="attributes" text={now.attributes} bytes={ATTRIBUTE_BYTES} />
        </details>
      )}
      {spans.length > 0 && (
        <>
          <h2>Around it</h2>
          <SpanTable page={page} trace={now} spans={spans} />
        </>
      )}
    </Shell>
  );
}

/** The label, what is under it, how certain that is, and why: always together. */
function Tag({ page, trace }: { page: PageContext; trace: StoredTrace }) {
  const { label, attribution } = trace;
  return (
    <>
      <p class="row">
        {label === null ? (
          <span class="soft">{unmappedText(trace)}</span>
        ) : (
          <LabelName name={label} />
        )}
        <TraceArtifact attribution={attribution} />
        <Certainty certainty={attribution.certainty} conflict={attribution.conflict} />
      </p>
      <p class="sentence">{traceSentence(trace, page.zone)}</p>
      {attribution.conflict && <Conflict blobId={attribution.declaredBlobId!} />}
      {attribution.candidates.length > 1 && <Candidates ids={attribution.candidates} />}
    </>
  );
}

function Conflict({ blobId }: { blobId: string }) {
  return (
    <div class="notice alarm">
      <p>
        <strong>Conflict.</strong> The trace names the blob{' '}
        <a class="id" href={pathTo('blobs', blobId)}>
          {blobId}
        </a>
        , and no artifact that the readings allow holds it. Either the label had moved before
        anybody read that, or the trace came from something else than its label. A later reading may
        clear it.
      </p>
    </div>
  );
}

function Candidates({ ids }: { ids: readonly (string | null)[] }) {
  const more = ids.length - MOST_CANDIDATES;
  return (
    <p class="row">
      <span class="soft">Candidates, in order of time:</span>
      {ids.slice(0, MOST_CANDIDATES).map((artifactId) => (
        <ArtifactBeside artifactId={artifactId} among={ids} />
      ))}
      {more > 0 && <span>and {more} more</span>}
    </p>
  );
}

function Text({
  trace,
  part,
  title,
}: {
  trace: StoredTrace;
  part: 'input' | 'output';
  title: string;
}) {
  const text = trace[part];
  return (
    <section aria-labelledby={part}>
      <h2 id={part}>{title}</h2>
      {text === null ? (
        <p class="soft">None came with it.</p>
      ) : (
        <TraceText id={trace.id} part={part} text={text} bytes={TEXT_BYTES} />
      )}
    </section>
  );
}
