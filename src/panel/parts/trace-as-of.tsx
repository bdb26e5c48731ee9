/** What did we know then: a time to choose, and what differs from what is known now. */
import { formatTime } from '../../contract/time.ts';
import type { StoredTrace } from '../../store/store.ts';
import type { GivenTime } from '../given-time.ts';
import { knownOtherwise } from '../known-of-trace.ts';
import type { PageContext } from '../page.ts';
import { tracePath } from '../trace-links.ts';
import { AHEAD, AsOfForm } from './as-of.tsx';
import { At } from './time.tsx';

interface Props {
  page: PageContext;
  /** As it is known now. */
  now: StoredTrace;
  /** As it was known then; null: no time was chosen. */
  then: StoredTrace | null;
  asOf: GivenTime;
}

const MINUTE = 60_000;

export function TraceAsOf({ page, now, then, asOf }: Props) {
  return (
    <>
      <AsOfForm page={page} path={tracePath(now.id)} asOf={asOf} />
      <Presets page={page} now={now} asOf={asOf} />
      {then && asOf.at !== null && <ThenAndNow page={page} now={now} then={then} at={asOf.at} />}
    </>
  );
}

function Presets({ page, now, asOf: { at } }: Omit<Props, 'then'>) {
  const { id } = now;
  return (
    <ul class="chips" aria-label="What was known">
      {presetsOf(now, page.now).map(([words, time]) => (
        <li>
          <a
            href={tracePath(id, { asOf: formatTime(time) })}
            aria-current={time === at ? 'true' : undefined}
          >
            {words}
          </a>
        </li>
      ))}
      <li>
        <a href={tracePath(id)} aria-current={at === null ? 'true' : undefined}>
          now
        </a>
      </li>
    </ul>
  );
}

function presetsOf({ endedAt, recordedAt }: StoredTrace, now: number): [string, number][] {
  const all: [string, number][] = [
    ['when it ended', endedAt],
    ['when it was recorded', recordedAt],
    ['1 min after it ended', endedAt + MINUTE],
    ['1 h after', endedAt + 60 * MINUTE],
    ['1 day after', endedAt + 1440 * MINUTE],
  ];
  return all.filter(([, time]) => time <= now);
}

interface Both {
  page: PageContext;
  now: StoredTrace;
  then: StoredTrace;
  at: number;
}

function ThenAndNow({ page, now, then, at }: Both) {
  const lines = knownOtherwise(then, now, page.zone);
  return (
    <>
      {at < now.recordedAt && (
        <p class="soft">
          The trace itself was recorded later, <At at={now.recordedAt} page={page} />: this is what
          would have been said of it then, without what it names.
        </p>
      )}
      {at > page.now && <p class="soft">{AHEAD}</p>}
      {lines.length === 0 ? (
        <p>Nothing that became known since changes what is said of it.</p>
      ) : (
        <section class="scroll" tabindex={0} aria-label="Known then and now">
          <table class="cards then-now">
            <caption>What was said otherwise then. All else is as it is now.</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">
                  Then, <At at={at} page={page} />
                </th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr>
                  <th scope="row">{line.name}</th>
                  <td data-name="Then" class="differs">
                    {line.before}
                  </td>
                  <td data-name="Now">{line.now}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
