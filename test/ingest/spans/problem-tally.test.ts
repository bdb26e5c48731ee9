import { expect, it } from 'vitest';
import { ProblemTally } from '../../../src/ingest/spans/problem-tally.ts';

const problem = (attribute: string) => ({ attribute, message: 'is wrong' });

it('a request whose spans all have the same problem tells of it once', () => {
  const tally = new ProblemTally();
  expect(tally.notes()).toEqual([]);
  tally.add([problem('a')]);
  for (let i = 0; i < 1000; i++) tally.add([problem('b')]);
  tally.add([]);
  expect(tally.notes()).toEqual([
    'a is wrong; its span was taken',
    'b is wrong; its 1000 spans were taken',
  ]);
});

it('however many problems there are, a few are told, and how many are not', () => {
  const tally = new ProblemTally();
  for (let i = 0; i < 10_000; i++) tally.add([problem(`a${i}`), problem('a0')]);
  const notes = tally.notes();
  expect(notes).toHaveLength(6);
  expect(notes[0]).toBe('a0 is wrong; its 10001 spans were taken');
  expect(notes.at(-1)).toBe('9995 more attributes could not be taken for what their names say');
});
