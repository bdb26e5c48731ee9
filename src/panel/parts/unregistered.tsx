/** Labels that traces have and nobody registered: nothing is read for them. */
import type { LabelBy, UnregisteredLabel } from '../../store/mapping.ts';
import { unregisteredAdvice } from '../../words/unregistered-advice.ts';
import { grouped } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type PageContext, withQuery } from '../page.ts';
import { Copy } from './copy.tsx';
import { Empty } from './empty.tsx';
import { Ago, At } from './time.tsx';

const BY: Partial<Record<LabelBy, string>> = {
  rule: 'a rule',
  declared: 'its span',
  given: 'the sender',
};

interface Props {
  labels: readonly UnregisteredLabel[];
  more: boolean;
  page: PageContext;
}

export function UnregisteredLabels({ labels, more, page }: Props) {
  if (labels.length === 0) {
    return (
      <Empty what="Every label that traces have is registered.">
        <p>
          A name that rules, spans or senders use before anybody registered it would stand here.
        </p>
      </Empty>
    );
  }
  return (
    <table class="cards">
      <caption>
        The most traces first; their traces are unobserved
        {more && `. The first ${labels.length}; GET /api/v1/unmapped has more`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Traces</th>
          <th scope="col">Since</th>
          <th scope="col">Last began</th>
          <th scope="col">Named by</th>
          <th scope="col">What to do</th>
        </tr>
      </thead>
      <tbody>
        {labels.map(({ label, labelBy, ...found }) => (
          <tr>
            <th scope="row">
              <a href={withQuery('/traces', { q: `label:${label}` })}>{cutLine(label, 200)}</a>
            </th>
            <td data-name="Traces" class="right">
              {found.moreTraces && 'at least '}
              {grouped(found.traces)}
            </td>
            <td data-name="Since">
              <At at={found.firstStartedAt} page={page} />
            </td>
            <td data-name="Last began">
              <Ago at={found.lastStartedAt} page={page} />
            </td>
            <td data-name="Named by">{BY[labelBy] ?? labelBy}</td>
            <td data-name="What to do" class="small">
              <details>
                <summary>Register it, or put the name right</summary>
                {cutLine(unregisteredAdvice(label, labelBy), 2000)}
              </details>
              <code>underlabel label add {cutLine(label, 200)} --source KIND</code>{' '}
              <Copy
                text={`underlabel label add ${label} --source `}
                what={`the command for ${label}`}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
