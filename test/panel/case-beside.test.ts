/** Cases of a diff side by side, where traces are long, and where they are gone. */
import { expect, it } from 'vitest';
import { caseBeside, LONGEST_BESIDE } from '../../src/panel/case-beside.ts';
import { appUnderTest } from '../http/app-under-test.ts';

const CELL = { before: 'HOLD', after: 'CLEAR', differs: true };
const time = '2026-11-17T10:00:00Z';

async function traced(outputs: Record<string, string>) {
  const { store, ask } = await appUnderTest({ maxBodyBytes: 8 * 2 ** 20 });
  const traces = Object.entries(outputs).map(([id, output]) => {
    return { id, label: 'acme/long', startedAt: time, endedAt: time, input: 'in', output };
  });
  await ask('POST', '/api/v1/traces', { traces });
  const asked: string[] = [];
  const seen = {
    trace(id: string, asOf: number | null) {
      asked.push(id);
      return store.trace(id, asOf);
    },
  };
  const beside = (before: string, after: string) =>
    caseBeside(seen, { before, after }, { name: 'decision' }, CELL);
  return { beside, asked };
}

it('two outputs stand beside each other with what differs between them', async () => {
  const { beside } = await traced({ a: 'one two', b: 'one three' });
  const found = await beside('a', 'b');
  expect(found).toMatchObject({ flipped: true, before: { output: '"one two"' } });
  expect(found).toHaveProperty('words', [
    { op: 'same', text: 'one' },
    { op: 'removed', text: ' two' },
    { op: 'added', text: ' three' },
  ]);
});

it('one that is too long is laid beside nothing, and the other is not even read for it', async () => {
  const { beside, asked } = await traced({ long: 'x'.repeat(LONGEST_BESIDE), short: 'x' });
  expect(await beside('long', 'short')).toEqual({ tooLong: { before: 'long', after: 'short' } });
  expect(asked).toEqual(['long']);
  expect(await beside('short', 'long')).toEqual({ tooLong: { before: 'short', after: 'long' } });
});

it('a trace that is gone is told', async () => {
  const { beside } = await traced({ a: 'one' });
  expect(await beside('a', 'gone')).toBeNull();
  expect(await beside('gone', 'a')).toBeNull();
});
