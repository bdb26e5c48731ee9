/**
 * After a change, by itself: looks again and again at the pairs of the same input since a label moved,
 * whenever there may be something new, and until it is told or the change is a month old.
 */
import { evidenceSentence } from '../diff/evidence/evidence-words.ts';
import type { Chore } from '../store/chore.ts';
import type { OpenChange } from '../store/evidence.ts';
import type { Store } from '../store/store.ts';
import type { DiffDesk } from './diff-desk.ts';
import { DiffDeskError, type DiffDeskErrorCode } from './diff-desk-error.ts';

const DAY_MS = 86_400_000;
/** A change is watched for so long. */
const WATCHED_MS = 30 * DAY_MS;
/** Runs before it count that began no earlier than so long before it. */
const BASELINE_MS = 30 * DAY_MS;
const MOST_CHANGES = 5000;
/** After a look that took a second, a label rests for twenty: it never takes more than this share of a core. */
const REST = 20;
/** After a look that failed. */
const AGAIN_MS = 60_000;
const NOTHING = '';
const PASSING: readonly DiffDeskErrorCode[] = ['diff-busy', 'stopping'];
const PAUSES = { first: 5000, step: 20, round: 5000 };

interface Means {
  store: Pick<Store, 'openChanges' | 'recordEvidence' | 'diffSource'>;
  desk: Pick<DiffDesk, 'evidence'>;
  /** ms on a clock that never goes back. */
  elapsed: () => number;
  failed: (error: unknown) => void;
}

interface Look {
  state: string;
  /** Not again before then, on that clock. */
  restsUntil: number;
}

export function evidenceWatch({ store, desk, elapsed, failed }: Means): Chore {
  let looks = new Map<string, Look>();

  const isDue = ({ id, state }: OpenChange) => {
    const look = looks.get(id);
    return !look || (look.state !== state && elapsed() >= look.restsUntil);
  };

  async function look(change: OpenChange, now: number): Promise<void> {
    const { id, label, from, to, after, state } = change;
    const began = elapsed();
    const query = {
      label,
      before: { artifacts: [from], since: after - BASELINE_MS },
      after: { artifacts: [to], since: after },
    };
    let seen = state;
    let restMs = 0;
    try {
      const evidence = await desk.evidence({ source: store.diffSource(), query });
      await store.recordEvidence(id, evidence, evidenceSentence(evidence), now);
    } catch (error) {
      seen = NOTHING;
      restMs = AGAIN_MS;
      // Others wait for the desk, or it closes.
      if (!(error instanceof DiffDeskError && PASSING.includes(error.code))) failed(error);
    }
    const at = elapsed();
    looks.set(id, { state: seen, restsUntil: at + Math.max(restMs, REST * (at - began)) });
  }

  return {
    pauses: PAUSES,
    failed,
    async step(now) {
      const open = await store.openChanges(now - WATCHED_MS, MOST_CHANGES);
      const ids = new Set(open.map(({ id }) => id));
      looks = new Map([...looks].filter(([id]) => ids.has(id)));
      const due = open.filter(isDue);
      if (due[0]) await look(due[0], now);
      return due.length > 1;
    },
  };
}
