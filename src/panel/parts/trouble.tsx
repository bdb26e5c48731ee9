/** What keeps a label's newest reading from saying what is under it now: failing readings, none in time, no watch. */
import type { StoredLabel } from '../../store/store.ts';
import { counted } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import type { PageContext } from '../page.ts';
import { Ago } from './time.tsx';
import { Word } from './word.tsx';

interface Props {
  page: PageContext;
  label: StoredLabel;
  /** Its last reading failed. */
  isFailing: boolean;
  /** It wasn't confirmed for several of its intervals. */
  isOverdue: boolean;
}

export function Trouble({ page, label, isFailing, isOverdue }: Props) {
  const { lastError, consecutiveFailures, removedAt } = label;
  return (
    <>
      {isFailing && (
        <div class="small">
          <Word word="failing" tone="alarm" shape="triangle" />{' '}
          <span data-quiet="">{counted(consecutiveFailures, 'time')} in a row:</span>{' '}
          {lastError ? cutLine(lastError.message, 140) : 'the reason was not told'}
        </div>
      )}
      {isOverdue && (
        <div class="small">
          <Word word="overdue" tone="care" shape="ring" /> not confirmed for several of its
          intervals
        </div>
      )}
      {removedAt !== null && (
        <div class="small soft">
          not watched since <Ago at={removedAt} page={page} />
        </div>
      )}
    </>
  );
}
