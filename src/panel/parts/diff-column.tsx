/** One column of a diff: its sentence, which outcome became which, its distributions and its tests. */
import type { ReportColumn } from '../../contract/diff.ts';
import {
  counted,
  effectText,
  grouped,
  percent,
  TEST_HEADINGS,
  testRow,
  trafficText,
} from '../../diff/rendering/index.ts';
import { EffectBar, smallUpTo } from '../charts/effect-bar.tsx';
import { FlipMatrix } from '../charts/flip-matrix.tsx';
import { NumbersHistogram } from '../charts/numbers-histogram.tsx';
import { OutcomeBars } from '../charts/outcome-bars.tsx';
import { diffPath } from '../diff-view.ts';
import { fitted } from '../fitted.ts';

interface Props {
  id: string;
  column: ReportColumn;
  at: number;
  minEffect: number;
  /** It has the page for itself. */
  isAlone: boolean;
}

const LONGEST_NAME = 80;
const LONGEST_TEXT = 800;
const ROOM = {
  alone: { outcomes: 12, moves: 100, rows: 60, paths: 30, effects: 10 },
  among: { outcomes: 7, moves: 8, rows: 8, paths: 6, effects: 3 },
};

export function DiffColumn({ id, column, at, minEffect, isAlone }: Props) {
  const { name, sentence, matrix, distribution, paths, leftOut } = column;
  const room = ROOM[isAlone ? 'alone' : 'among'];
  const Title = isAlone ? 'h2' : 'h3';
  const traffic = trafficText(column);
  const effects = column.direction.effects.slice(0, room.effects);
  return (
    <section aria-labelledby={`column-${at}`}>
      <Title id={`column-${at}`}>{fitted(name, LONGEST_NAME)}</Title>
      <p>{fitted(sentence, LONGEST_TEXT)}</p>
      {traffic !== null && <p>{fitted(traffic, LONGEST_TEXT)}</p>}
      {leftOut.length > 0 && (
        <p class="soft">
          Left out here:{' '}
          {leftOut
            .map(({ reason, inputs }) => `${counted(inputs, 'input')} (${fitted(reason, 100)})`)
            .join(', ')}
          .
        </p>
      )}
      {effects.length > 1 && (
        <ul class="chips" aria-label="Effects">
          {effects.map((effect) => (
            <li>
              <span class="small">{effectText(effect)}</span>
              <EffectBar effect={effect} small={smallUpTo(column, effect, minEffect)} />
            </li>
          ))}
        </ul>
      )}
      {matrix !== null && matrix.length > 0 && (
        <FlipMatrix
          matrix={matrix}
          cellPath={(cell) => diffPath(id, { column: at, cell })}
          most={room}
        />
      )}
      {distribution?.kind === 'numbers' && (
        <NumbersHistogram name={fitted(name, LONGEST_NAME)} distribution={distribution} />
      )}
      {distribution?.kind === 'labels' && <OutcomeBars rows={distribution.rows} most={room.rows} />}
      {paths !== null && paths.length > 0 && <Paths paths={paths} most={room.paths} />}
      <Change column={column} />
      <Tests column={column} />
      {!isAlone && hasMore(column) && (
        <p class="small noprint">
          <a href={diffPath(id, { column: at })}>This column alone, with all of its rows</a>
        </p>
      )}
    </section>
  );
}

function hasMore({ matrix, distribution, paths, direction }: ReportColumn): boolean {
  const { moves, rows, effects } = ROOM.among;
  const labels = distribution?.kind === 'labels' ? distribution.rows.length : 0;
  const cells = matrix?.filter(({ differs }) => differs).length ?? 0;
  return (
    cells > moves ||
    labels > rows ||
    (paths?.length ?? 0) > ROOM.among.paths ||
    direction.effects.length > effects
  );
}

function Change({ column: { change } }: { column: ReportColumn }) {
  if (change === null || change.median === null) return null;
  const what = change.measure === 'words' ? 'of the words' : 'relative L2 distance';
  const shown = (value: number | null) =>
    value === null ? '–' : change.measure === 'words' ? percent(value) : value.toPrecision(3);
  return (
    <p>
      Where it differs, {shown(change.median)} {what} in the middle and {shown(change.p90)} in the
      tenth that changed most ({grouped(change.pairs)} of {counted(change.of, 'pair')} looked at).
    </p>
  );
}

function Paths({ paths, most }: { paths: NonNullable<ReportColumn['paths']>; most: number }) {
  return (
    <>
      <table class="cards">
        <caption>Paths that differ most often</caption>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Differs in</th>
            <th scope="col">Pairs</th>
          </tr>
        </thead>
        <tbody>
          {paths.slice(0, most).map(({ path, rate, changed, added, removed, pairs }) => (
            <tr>
              <th scope="row">
                <code>{fitted(path, 200)}</code>
              </th>
              <td data-name="Differs in">{percent(rate)}</td>
              <td data-name="Pairs">
                {grouped(changed)} changed, {grouped(added)} added, {grouped(removed)} removed of{' '}
                {grouped(pairs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {paths.length > most && (
        <p class="soft small">and {counted(paths.length - most, 'other path')}</p>
      )}
    </>
  );
}

function Tests({ column: { tests, name } }: { column: ReportColumn }) {
  if (tests.length === 0) return null;
  return (
    <details>
      <summary>
        Tests of {fitted(name, LONGEST_NAME)} ({grouped(tests.length)})
      </summary>
      <section class="scroll" tabindex={0} aria-label={`Tests of ${fitted(name, LONGEST_NAME)}`}>
        <table class="cards tests">
          <caption>Each test, and the rule that chose it</caption>
          <thead>
            <tr>
              {TEST_HEADINGS.map((heading) => (
                <th scope="col">{heading}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tests.map((test) => (
              <tr>
                {testRow(test).map((cell, i) => (
                  <td data-name={TEST_HEADINGS[i]}>{fitted(cell, 220)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
