/** Every attempt to verify a blob, newest first: who was asked, and what came. */
import type { StoredAttempt } from '../../store/blob.ts';
import { bytesText } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { howLong } from '../when.ts';
import { sourceOf } from './blob-facts.tsx';
import { Empty } from './empty.tsx';
import { Pager } from './pager.tsx';
import { Verification } from './standing.tsx';
import { At } from './time.tsx';

interface Props {
  attempts: readonly StoredAttempt[];
  page: PageContext;
  firstPath: string | null;
  nextPath: string | null;
}

export function Attempts({ attempts, page, firstPath, nextPath }: Props) {
  if (attempts.length === 0 && firstPath === null) {
    return (
      <Empty what="Nobody tried to fetch and check its bytes.">
        <p>
          With <code>UNDERLABEL_WALRUS</code> set, new blobs are checked by themselves, as far as{' '}
          <code>UNDERLABEL_VERIFY</code> goes; “Verify now” checks one in any case.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <table class="cards">
        <caption>Newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Outcome</th>
            <th scope="col">Asked</th>
            <th scope="col">Came</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr class={attempt.outcome === 'mismatch' ? 'troubled' : undefined}>
              <th scope="row">
                <At at={attempt.recordedAt} page={page} />
              </th>
              <td data-name="Outcome">
                <Verification state={attempt.outcome} />
                {attempt.code && (
                  <div class="small">
                    <code>{attempt.code}</code> {cutLine(attempt.message ?? '', 300)}
                  </div>
                )}
              </td>
              <td data-name="Asked">{sourceOf(attempt.aggregator)}</td>
              <td data-name="Came">
                {attempt.bytes === null ? 'nothing' : bytesText(attempt.bytes)}
                <span class="soft"> in {howLong(attempt.tookMs)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager
        first={firstPath}
        firstWords="Newest attempts"
        next={nextPath}
        older="Older attempts"
      />
    </>
  );
}
