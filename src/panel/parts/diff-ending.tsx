/** What belongs below a diff: where it concentrates, what to know, what was not compared, how it was made. */
import type { Report } from '../../contract/diff.ts';
import { counted, grouped, SLICE_HEADINGS, sliceRow } from '../../diff/rendering/index.ts';
import { fitted } from '../fitted.ts';
import type { PageContext } from '../page.ts';
import { At } from './time.tsx';

const MOST_SKIPPED = 12;
const MOST_SLICES = 12;
const LONGEST_NOTE = 600;

const SKIPPED = {
  'near-unique': 'another value in nearly every run',
  rare: 'rare',
  'too-many': 'too many fields',
} as const;

/** @param all where the rest is; null: this is all */
export function DiffSlices({ slices, all }: Pick<Report, 'slices'> & { all: string | null }) {
  if (slices.length === 0) return null;
  const shown = all === null ? slices : slices.slice(0, MOST_SLICES);
  const rest = slices.length - shown.length;
  return (
    <section aria-labelledby="slices">
      <h2 id="slices">Where it concentrates</h2>
      <section class="scroll" tabindex={0} aria-label="Slices">
        <table class="cards">
          <caption>Parts of the traffic against the rest of it, the clearest first</caption>
          <thead>
            <tr>
              {SLICE_HEADINGS.map((heading) => (
                <th scope="col">{heading}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((slice) => (
              <tr>
                {sliceRow(slice).map((cell, i) => (
                  <td data-name={SLICE_HEADINGS[i]}>{fitted(cell, 120)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rest > 0 && all !== null && (
        <p>
          <a href={all}>and {counted(rest, 'other part')}</a>
        </p>
      )}
    </section>
  );
}

export function DiffNotes({ notes }: Pick<Report, 'notes'>) {
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">To know</h2>
      <ul>
        {notes.map((note) => (
          <li>{fitted(note, LONGEST_NOTE)}</li>
        ))}
      </ul>
    </section>
  );
}

export function DiffSkipped({ skipped }: Pick<Report, 'skipped'>) {
  if (skipped.length === 0) return null;
  const rest = skipped.length - MOST_SKIPPED;
  return (
    <details>
      <summary>Fields that were not compared by themselves ({grouped(skipped.length)})</summary>
      <table class="cards">
        <caption>Name one as a field to compare it</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Because</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          {skipped.slice(0, MOST_SKIPPED).map(({ path, reason, distinct, runs, atLeast }) => (
            <tr>
              <th scope="row">
                <code>{fitted(path, 120)}</code>
              </th>
              <td data-name="Because">{SKIPPED[reason]}</td>
              <td data-name="Values">
                {atLeast && 'at least '}
                {counted(distinct, 'value')} in {counted(runs, 'run')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p class="soft">and {counted(rest, 'other field')}, in the JSON</p>}
    </details>
  );
}

interface MadeProps {
  report: Report;
  page: PageContext;
  createdAt: number;
}

export function DiffMade({ report, page, createdAt }: MadeProps) {
  const { id, query, watermark } = report;
  const { fields, minEffect, seed, includeProvisional, across, discover } = query;
  return (
    <details>
      <summary>How it was made</summary>
      <div>
        <dl class="facts">
          <dt>Report</dt>
          <dd>
            <code>{id}</code>, made first <At at={createdAt} page={page} />
          </dd>
          <dt>Fields named</dt>
          <dd>
            {fields.length === 0
              ? 'none'
              : fields.map(({ path, kind }) => (
                  <div>
                    <code>{fitted(path, 120)}</code> {kind !== null && `as ${kind}`}
                  </div>
                ))}
            {!discover && <div>Fields that nobody named were left out.</div>}
          </dd>
          <dt>Counted</dt>
          <dd>
            {includeProvisional ? 'provisional traces too' : 'only what readings confirm'}
            {across && '; a side may be of several artifacts'}
          </dd>
          <dt>Small is up to</dt>
          <dd>{minEffect} points</dd>
          <dt>Seed</dt>
          <dd>{seed}: with it and the same traces the report comes out the same</dd>
          <dt>Up to</dt>
          <dd>
            trace number {grouped(watermark.trace)}
            {watermark.reading !== null && (
              <>
                {' '}
                and the reading recorded <At at={Date.parse(watermark.reading)} page={page} />
              </>
            )}
          </dd>
        </dl>
      </div>
    </details>
  );
}
