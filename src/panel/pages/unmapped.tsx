/** Traces that no label has, by where they come from, each with the rule that would map it. */
import type { UnmappedOrigin, UnregisteredLabel } from '../../store/mapping.ts';
import type { Assets } from '../assets.ts';
import { counted, grouped } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, withQuery } from '../page.ts';
import { Copy } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { Ago } from '../parts/time.tsx';
import { UnregisteredLabels } from '../parts/unregistered.tsx';
import { Shell } from '../shell.tsx';

/** `long`: there is no room for it. Null: no rule would map them. */
export type ShownRule = { label: string; json: string } | 'long' | null;

interface Props {
  page: PageContext;
  assets: Assets;
  origins: (UnmappedOrigin & { rule: ShownRule })[];
  moreOrigins: boolean;
  unregistered: UnregisteredLabel[];
  moreUnregistered: boolean;
}

export function UnmappedPage({ page, assets, origins, moreOrigins, ...labels }: Props) {
  const rules = origins.flatMap(({ rule }) =>
    rule === null || rule === 'long' ? [] : [rule.json],
  );
  return (
    <Shell page={page} assets={assets} title="Unmapped" room="unmapped">
      <h1>Unmapped models</h1>
      <p class="soft">
        What arrives without a label: it is kept, and nothing says what was under it. A rule maps
        it.
      </p>
      {origins.length === 0 ? (
        <Empty what="Every trace has a label.">
          <p>
            Spans that say neither <code>underlabel.label</code> nor a model that a rule or a label
            names would stand here.
          </p>
        </Empty>
      ) : (
        <>
          <p>
            <a href={withQuery('/traces', { q: 'unmapped:yes' })}>All unmapped traces</a>
          </p>
          <Origins origins={origins} more={moreOrigins} page={page} />
          <HowTo rules={rules} />
        </>
      )}
      <h2>Labels that nobody registered</h2>
      <UnregisteredLabels labels={labels.unregistered} more={labels.moreUnregistered} page={page} />
    </Shell>
  );
}

const LONGEST_NAME = 80;

function Origins({
  origins,
  more,
  page,
}: {
  origins: Props['origins'];
  more: boolean;
  page: PageContext;
}) {
  return (
    <table class="cards">
      <caption>
        Where they come from, the most traces first
        {more && `: the first ${origins.length}; GET /api/v1/unmapped has more`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Traces</th>
          <th scope="col">Last began</th>
          <th scope="col">Service</th>
          <th scope="col">Provider</th>
          <th scope="col">Asked for</th>
          <th scope="col">Answered</th>
          <th scope="col">The rule that would map them</th>
        </tr>
      </thead>
      <tbody>
        {origins.map(({ origin, traces, lastStartedAt, rule }) => (
          <tr>
            <th scope="row" class="right">
              {grouped(traces)}
            </th>
            <td data-name="Last began">
              <Ago at={lastStartedAt} page={page} />
            </td>
            <td data-name="Service">
              <Name name={origin.service} />
            </td>
            <td data-name="Provider">
              <Name name={origin.provider} />
            </td>
            <td data-name="Asked for">
              <Name name={origin.requestModel} />
            </td>
            <td data-name="Answered">
              <Name name={origin.responseModel} />
            </td>
            <td data-name="Rule">
              <Rule rule={rule} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Name({ name }: { name: string | null }) {
  if (name === null) return <span class="soft">not said</span>;
  return <span>{cutLine(name, LONGEST_NAME)}</span>;
}

function Rule({ rule }: { rule: ShownRule }) {
  if (rule === null) {
    return (
      <span class="soft">
        none: nothing is said that a rule could go by. Let its spans say{' '}
        <code>underlabel.label</code>.
      </span>
    );
  }
  if (rule === 'long') {
    return (
      <span class="soft">
        too long for this page; <code>underlabel unmapped</code> and GET /api/v1/unmapped have it
      </span>
    );
  }
  return (
    <>
      <code>{rule.json}</code> <Copy text={rule.json} what={`the rule for ${rule.label}`} />
    </>
  );
}

/** The service takes rules at its start alone: this says exactly what to do. */
function HowTo({ rules }: { rules: readonly string[] }) {
  if (rules.length === 0) return null;
  const lines = rules.map((rule) => `    ${rule}`);
  const file = `{\n  "rules": [\n${lines.join(',\n')}\n  ]\n}`;
  return (
    <section>
      <h2>To map them</h2>
      <ol>
        <li>
          Look at the label of each rule: it is only a proposal. The first rule that fits a span
          decides, so put narrow ones before wide ones.
        </li>
        <li>
          Put them under <code>"rules"</code> in <code>underlabel.config.json</code>, in the folder
          where the service is started. <code>underlabel rules test SPAN.json</code> says which rule
          would hold.
        </li>
        <li>
          Start the service anew: it takes rules at its start. The traces that are stored move to
          their labels by themselves.
        </li>
        <li>
          Register each label, or nothing is read for it:{' '}
          <code>underlabel label add LABEL --source KIND</code>
        </li>
      </ol>
      <details>
        <summary>{counted(rules.length, 'rule')} as a whole underlabel.config.json</summary>
        <p>
          <Copy text={file} what="the file" />
        </p>
        <pre class="text">{file}</pre>
      </details>
    </section>
  );
}
