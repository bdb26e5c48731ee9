/** What flaps, comes late or comes by a clock that was set: only what was really seen is a change. */
import { expect, it, onTestFinished } from 'vitest';
import type { SourceAnswer } from '../../src/sources/source.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { Watcher } from '../../src/watch/watcher.ts';
import { temporaryFolder } from '../http/service-under-test.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { absent, failing, holding, ScriptedSource } from '../watch/scripted-source.ts';

const NOON = Date.parse('2026-11-17T12:00:00Z');
const WEEK = 7 * 86_400_000;

interface Step {
  /** Seconds that pass before this reading. */
  after: number;
  /** Seconds the wall clock is set by, besides. */
  set?: number;
  answer: () => SourceAnswer;
  /** Seconds since a cache saw it. */
  age?: number;
  /** How the reading fails; left out where it stands. */
  fails?: string;
}

const a = holding('a');
const b = holding('b');

/** Each with the changes there are in the end. */
const CASES: [name: string, steps: Step[], changes: string[]][] = [
  [
    'A, B, A is two changes after the first',
    inTurn([a, b, a]),
    ['first_seen', 'moved', 'returned'],
  ],
  [
    'flapping at each reading is a change at each, and no more',
    inTurn(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? a : b))),
    ['first_seen', 'moved', ...Array.from({ length: 18 }, () => 'returned')],
  ],
  ['A, nothing, A', inTurn([a, absent, a]), ['first_seen', 'vanished', 'reappeared']],
  [
    'failures between two readings of one artifact',
    [
      { after: 0, answer: a },
      { after: 30, answer: failing(), fails: 'http-status' },
      { after: 30, answer: failing(), fails: 'http-status' },
      { after: 30, answer: a },
    ],
    ['first_seen'],
  ],
  [
    'failures between two artifacts',
    [
      { after: 0, answer: a },
      { after: 30, answer: failing(), fails: 'http-status' },
      { after: 30, answer: b },
    ],
    ['first_seen', 'moved'],
  ],
  [
    'an old B from a cache',
    [
      { after: 0, answer: a },
      { after: 30, answer: b, age: 31, fails: 'stale' },
      { after: 30, answer: a },
    ],
    ['first_seen'],
  ],
  [
    'one cache that is old and one that is new, in turn',
    [
      { after: 0, answer: a },
      { after: 30, answer: b },
      { after: 30, answer: a, age: 3600, fails: 'stale' },
      { after: 30, answer: b },
      { after: 30, answer: a, age: 3600, fails: 'stale' },
      { after: 30, answer: b },
    ],
    ['first_seen', 'moved'],
  ],
  [
    'an old absence from a cache',
    [
      { after: 0, answer: a },
      { after: 30, answer: absent, age: 100, fails: 'stale' },
    ],
    ['first_seen'],
  ],
  [
    'a B that a cache saw since the last reading',
    [
      { after: 0, answer: a },
      { after: 30, answer: b, age: 20 },
    ],
    ['first_seen', 'moved'],
  ],
  [
    'a clock set back an hour, and B before it has caught up',
    [
      { after: 0, answer: a },
      { after: 30, set: -3600, answer: b, fails: 'clock' },
      { after: 30, answer: a, fails: 'clock' },
      { after: 3600, answer: a },
    ],
    ['first_seen'],
  ],
  [
    'a clock set back, and B to stay',
    [
      { after: 0, answer: a },
      { after: 30, set: -60, answer: b, fails: 'clock' },
      { after: 60, answer: b },
    ],
    ['first_seen', 'moved'],
  ],
  [
    'a clock set forward for a while, and back again',
    [
      { after: 0, answer: a },
      { after: 30, set: 3600, answer: a },
      { after: 30, set: -3600, answer: a, fails: 'clock' },
      { after: 3600, answer: a },
    ],
    ['first_seen'],
  ],
];

function inTurn(answers: Step['answer'][]): Step[] {
  return answers.map((answer, index) => ({ after: index === 0 ? 0 : 30, answer }));
}

it.each(CASES)('%s', async (_name, steps, changes) => {
  const clock = new FakeClock(NOON);
  const store = openSqliteStore(await temporaryFolder(), clock.now);
  const source = new ScriptedSource();
  const report = {
    recorded() {},
    lost: (_label: string, error: unknown) => expect(error).toBeNull(),
  };
  const watcher = new Watcher({ store, clock, openSource: () => source, report });
  onTestFinished(async () => {
    await watcher.stop();
    await store.close();
  });
  const settings = { every: WEEK, clockSkew: 0, servingLag: 0 };
  const spec = { kind: 'manifest', url: 'https://hub.example/m.json' } as const;
  await store.putLabel('label', { source: spec, ...settings }, clock.now());

  let last: { from: number; to: number } | null = null;
  for (const [index, { after, set = 0, answer, age, fails }] of steps.entries()) {
    await clock.pass(after * 1000);
    clock.set(clock.now() + set * 1000);
    const seenSince = age === undefined ? null : clock.now() - (age + 1) * 1000;
    source.script = () => ({ ...answer(), seenSince });
    if (index === 0) watcher.put((await store.label('label'))!);
    const { observation, change } = (await watcher.readNow('label'))!;
    expect(observation.error?.code, `reading ${index}`).toBe(fails);
    if (fails) {
      expect(change).toBeNull();
      continue;
    }
    const seen = { from: observation.requestedAt, to: observation.receivedAt };
    // The window is between what was last known and what is known now, however wide that is.
    if (change) expect([change.after, change.before]).toEqual([last?.from ?? null, seen.to]);
    last = seen;
  }
  const { changes: found } = (await store.timeline('label', { from: null, to: null }))!;
  expect(found.map(({ kind }) => kind)).toEqual(changes);
});
