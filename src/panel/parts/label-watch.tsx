/** How the watch of a label does: what was tried last, what came of it, and what is next. */
import { formatDuration } from '../../contract/time.ts';
import type { StoredSettings } from '../../store/label-picture.ts';
import type { StoredLabel, StoredObservation } from '../../store/store.ts';
import { counted } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { may, type PageContext, pathTo } from '../page.ts';
import { SOURCE_WORDS, sourceFields } from '../source-words.ts';
import { Artifact } from './artifact.tsx';
import { Ago, At } from './time.tsx';
import { Word } from './word.tsx';

interface WatchProps {
  page: PageContext;
  label: StoredLabel;
  /** The newest reading, failed or not. */
  newest: StoredObservation | null;
  /** When it is read next; null: it isn't. */
  nextAt: number | null;
  isOverdue: boolean;
}

export function LabelWatch({ page, label, newest, nextAt, isOverdue }: WatchProps) {
  const { removedAt, source, consecutiveFailures, lastError, lastSuccessAt, lastAttemptAt } = label;
  const isPush = source.kind === 'push';
  return (
    <>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <WatchWord label={label} isOverdue={isOverdue} />{' '}
          {removedAt !== null && (
            <>
              stopped <Ago at={removedAt} page={page} />; its history stays
            </>
          )}
        </dd>
        <dt>Newest reading</dt>
        <dd>{newest ? <Reading reading={newest} page={page} /> : 'none yet'}</dd>
        {!isPush && (
          <>
            <dt>Last attempt</dt>
            <dd>{lastAttemptAt === null ? 'none yet' : <Ago at={lastAttemptAt} page={page} />}</dd>
            <dt>Last success</dt>
            <dd>{lastSuccessAt === null ? 'none yet' : <Ago at={lastSuccessAt} page={page} />}</dd>
            <dt>Failures in a row</dt>
            <dd data-quiet="">{consecutiveFailures}</dd>
          </>
        )}
        {lastError && (
          <>
            <dt>Last error</dt>
            <dd>
              <code>{cutLine(lastError.code)}</code> {cutLine(lastError.message, 500)}
            </dd>
          </>
        )}
        {!isPush && removedAt === null && (
          <>
            <dt>Read next</dt>
            <dd>{nextAt === null ? 'not planned' : <Ago at={nextAt} page={page} />}</dd>
          </>
        )}
      </dl>
      {!isPush && removedAt === null && <ReadNow page={page} name={label.name} />}
    </>
  );
}

function ReadNow({ page, name }: { page: PageContext; name: string }) {
  if (!may(page, 'admin')) {
    return <p class="soft small">Reading it now takes a key with the role admin.</p>;
  }
  return (
    <form method="post" action={`${pathTo('labels', name)}/read`}>
      <button type="submit">Read now</button>
    </form>
  );
}

function WatchWord({ label, isOverdue }: Pick<WatchProps, 'label' | 'isOverdue'>) {
  const { removedAt, consecutiveFailures, source, current } = label;
  if (removedAt !== null) return <Word word="not watched" tone="open" shape="cross" />;
  if (consecutiveFailures > 0) {
    return (
      <>
        <Word word="failing" tone="alarm" shape="triangle" />{' '}
        <span data-quiet="">{counted(consecutiveFailures, 'time')} in a row</span>
      </>
    );
  }
  if (source.kind === 'push') return <Word word="readings are pushed" tone="open" shape="half" />;
  if (isOverdue) return <Word word="overdue" tone="care" shape="ring" />;
  if (current === null) return <Word word="not read yet" tone="open" shape="ring" />;
  return <Word word="readable" tone="calm" shape="check" title="Its last reading said something" />;
}

function Reading({ reading, page }: { reading: StoredObservation; page: PageContext }) {
  const { outcome, artifactId, error, requestedAt, receivedAt } = reading;
  return (
    <>
      {outcome === 'failed' ? (
        <>
          <Word word="failed" tone="alarm" shape="triangle" />{' '}
          {error && <code>{cutLine(error.code)}</code>}
        </>
      ) : (
        <Artifact artifactId={artifactId} />
      )}{' '}
      <span data-quiet="">
        asked <At at={requestedAt} page={page} />, answered after {receivedAt - requestedAt} ms
      </span>
    </>
  );
}

/** The store tells no more of them (`labelSettings`). */
const MOST_SETTINGS = 50;

interface SettingsProps {
  page: PageContext;
  label: StoredLabel;
  /** Newest first, as many as the store tells. */
  history: readonly StoredSettings[];
}

export function LabelSettings({ page, label, history }: SettingsProps) {
  const { source, everyMs, clockSkewMs, servingLagMs, createdAt } = label;
  const isPush = source.kind === 'push';
  const isAll = history.length < MOST_SETTINGS;
  return (
    <>
      <dl class="facts">
        <dt>Source</dt>
        <dd>{SOURCE_WORDS[source.kind]}</dd>
        {sourceFields(source, may(page, 'admin')).map(([name, text]) => (
          <>
            <dt>{name}</dt>
            <dd>
              <code>{text}</code>
            </dd>
          </>
        ))}
        <dt>Read every</dt>
        <dd>{isPush ? 'not read: readings are pushed' : formatDuration(everyMs)}</dd>
        <dt>Clock skew</dt>
        <dd>{formatDuration(clockSkewMs)}: how far clocks of traces may be off</dd>
        <dt>Serving lag</dt>
        <dd>{formatDuration(servingLagMs)}: how long servers may lag behind the label</dd>
        <dt>Registered</dt>
        <dd>
          <At at={createdAt} page={page} />
        </dd>
      </dl>
      {history.length > 1 && (
        <details>
          <summary>
            Earlier settings ({isAll ? '' : 'at least '}
            {history.length - 1})
          </summary>
          <table class="cards">
            <caption>
              Settings from each time on, newest first
              {isAll ? '' : `: the newest ${MOST_SETTINGS}, before which there may be others`}
            </caption>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">Every</th>
                <th scope="col">Clock skew</th>
                <th scope="col">Serving lag</th>
              </tr>
            </thead>
            <tbody>
              {history.map((one) => (
                <tr>
                  <th scope="row">
                    <At at={one.recordedAt} page={page} />
                  </th>
                  <td data-name="Every">{formatDuration(one.everyMs)}</td>
                  <td data-name="Clock skew">{formatDuration(one.clockSkewMs)}</td>
                  <td data-name="Serving lag">{formatDuration(one.servingLagMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}
