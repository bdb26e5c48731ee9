/** What the chain said of a blob, each time it said something new. */
import type { StoredChainFact } from '../../store/blob.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { Copy } from './copy.tsx';
import { Empty } from './empty.tsx';
import { Chain, ChainOnce } from './standing.tsx';
import { At } from './time.tsx';

const MOST_ATTRIBUTES = 20;

interface Props {
  /** Newest first; one more than `most` where there are more. */
  facts: readonly StoredChainFact[];
  most: number;
  page: PageContext;
}

export function ChainFacts({ facts, most, page }: Props) {
  const [newest] = facts;
  if (!newest) {
    return (
      <Empty what="Nothing is known of what the chain says.">
        <p>
          It is asked where <code>UNDERLABEL_WALRUS</code> names a network whose Sui node can be
          reached (<code>UNDERLABEL_SUI_URL</code>).
        </p>
      </Empty>
    );
  }
  return (
    <>
      <table class="cards">
        <caption>
          {facts.length > most
            ? `The newest ${most}, newest first; what was said before is not listed; `
            : 'The newest first; '}
          words of Sui and the storage nodes, not proofs
        </caption>
        <thead>
          <tr>
            <th scope="col">Said first</th>
            <th scope="col">Said last</th>
            <th scope="col">Status</th>
            <th scope="col">Certified in</th>
            <th scope="col">Stored until</th>
          </tr>
        </thead>
        <tbody>
          {facts.slice(0, most).map((fact, i) => (
            <tr>
              <th scope="row">
                <At at={fact.readAt} page={page} />
              </th>
              <td data-name="Said last">
                <At at={fact.confirmedAt} page={page} />
              </td>
              <td data-name="Status">
                {i === 0 ? <Chain fact={fact} now={page.now} /> : <ChainOnce {...fact} />}
              </td>
              <td data-name="Certified in">
                {fact.certifiedEpoch === null ? 'not said' : `epoch ${fact.certifiedEpoch}`}
              </td>
              <td data-name="Stored until">
                {fact.endEpoch === null ? 'not said' : `epoch ${fact.endEpoch}`}
                {fact.endsAt !== null && (
                  <>
                    , {fact.endsAtEstimated ? 'about ' : ''}
                    <At at={fact.endsAt} page={page} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <OfTheChain fact={newest} />
    </>
  );
}

function OfTheChain({ fact: { objectId, attributes } }: { fact: StoredChainFact }) {
  const all = Object.entries(attributes ?? {});
  return (
    <>
      {objectId && (
        <p class="small">
          Its object on Sui: <code>{cutLine(objectId, 100)}</code>{' '}
          <Copy text={objectId} what="the object's id" />
        </p>
      )}
      {all.length > 0 && (
        <details>
          <summary>Attributes ({all.length}); its owner can change them at any time</summary>
          <dl class="facts">
            {all.slice(0, MOST_ATTRIBUTES).map(([name, value]) => (
              <>
                <dt>{cutLine(name, 80)}</dt>
                <dd>{cutLine(value, 300)}</dd>
              </>
            ))}
          </dl>
          {all.length > MOST_ATTRIBUTES && (
            <p class="small">and {all.length - MOST_ATTRIBUTES} more</p>
          )}
        </details>
      )}
    </>
  );
}
