/** What came with a trace besides its texts: its label and why it has it, its times, what it names. */
import type { PropsWithChildren } from 'hono/jsx';
import type { BlobFacts } from '../../store/blob.ts';
import type { StoredLabel, StoredTrace } from '../../store/store.ts';
import { standingOf } from '../../walrus/standing.ts';
import { LABEL_BY } from '../../words/trace-label.ts';
import { unregisteredAdvice } from '../../words/unregistered-advice.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, pathTo, withQuery } from '../page.ts';
import { howLong } from '../when.ts';
import { LabelName } from './artifact.tsx';
import { Copy } from './copy.tsx';
import { Verification } from './standing.tsx';
import { At } from './time.tsx';

interface Props {
  page: PageContext;
  trace: StoredTrace;
  /** Null: nobody registered it. */
  label: StoredLabel | null;
  /** Of the blob that it names; null: it names none. */
  blob: BlobFacts | null;
}

const LONGEST = 300;

export function TraceFacts({ page, trace, label, blob }: Props) {
  const { decision, context, turn, origin } = trace;
  return (
    <dl class="facts">
      <LabelFacts page={page} trace={trace} label={label} />
      <Fact name="Began">
        <At at={trace.startedAt} page={page} />
      </Fact>
      <Fact name="Ended">
        <At at={trace.endedAt} page={page} />, after {howLong(trace.endedAt - trace.startedAt)}
      </Fact>
      <Fact name="Recorded">
        <At at={trace.recordedAt} page={page} />
      </Fact>
      <Fact name="Decision">
        {decision === null ? (
          <span class="soft">none came with it</span>
        ) : (
          cutLine(decision, LONGEST)
        )}
      </Fact>
      {trace.blobId !== null && blob && <NamedBlob blobId={trace.blobId} facts={blob} />}
      {context !== null && <Fact name="Context">{cutLine(context, LONGEST)}</Fact>}
      {turn !== null && <Fact name="Turn">{String(turn)}</Fact>}
      {origin && (
        <>
          <Said name="Service" text={origin.service} />
          <Said name="Provider" text={origin.provider} />
          <Said name="Asked for" text={origin.requestModel} />
          <Said name="Answered by" text={origin.responseModel} />
        </>
      )}
      {trace.inputHash && (
        <Fact name={trace.inputExact ? 'SHA-256 of the input as received' : 'SHA-256 of the input'}>
          <code>{trace.inputHash.toString('hex')}</code>
        </Fact>
      )}
      {trace.outputHash && (
        <Fact name="SHA-256 of the output">
          <code>{trace.outputHash.toString('hex')}</code>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: PropsWithChildren<{ name: string }>) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Said({ name, text }: { name: string; text: string | null }) {
  return (
    <Fact name={name}>
      {text === null ? <span class="soft">not said</span> : cutLine(text, LONGEST)}
    </Fact>
  );
}

function LabelFacts({ page, trace, label }: Omit<Props, 'blob'>) {
  const { labelBy, labelledAt, recordedAt } = trace;
  if (trace.label === null) {
    return (
      <Fact name="Label">
        <span class="soft">none has it.</span> <a href="/unmapped">Which rule would map it</a>
      </Fact>
    );
  }
  return (
    <>
      <Fact name="Label">
        <LabelName name={trace.label} />
        {labelBy !== null && <span class="soft">: {LABEL_BY[labelBy]}</span>}{' '}
        <a class="small" href={withQuery('/traces', { q: `label:${trace.label}` })}>
          Its traces
        </a>
        {label === null && labelBy !== null && (
          <div class="notice">{unregisteredAdvice(trace.label, labelBy)}</div>
        )}
        {label && label.removedAt !== null && (
          <div class="soft">
            removed <At at={label.removedAt} page={page} />: nothing is read for it since
          </div>
        )}
      </Fact>
      {labelledAt > recordedAt && (
        <Fact name="Label since">
          <At at={labelledAt} page={page} />, after it was recorded: rules, labels or what they hold
          changed
        </Fact>
      )}
    </>
  );
}

function NamedBlob({ blobId, facts }: { blobId: string; facts: BlobFacts }) {
  return (
    <Fact name="Names the blob">
      <a class="id" href={pathTo('blobs', blobId)}>
        {blobId}
      </a>{' '}
      <Copy text={blobId} what="the Blob ID" />
      <div class="row">
        <Verification state={standingOf(facts.attempts).state} />
        <span class="soft">its bytes; that this trace came from them is its own word</span>
      </div>
    </Fact>
  );
}
