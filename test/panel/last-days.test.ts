import { expect, it } from 'vitest';
import { lastDays } from '../../src/panel/last-days.ts';
import { appUnderTest } from '../http/app-under-test.ts';

const NOW = Date.parse('2026-10-27T12:00:00Z');

it('counts each day of the zone, also where one has 25 hours', async () => {
  const { store, ask } = await appUnderTest();
  const sent = [
    // In Berlin the 25th of October had 25 hours: from 22:00 UTC on the 24th to 23:00 UTC.
    '2026-10-24T21:59:59.999Z',
    '2026-10-24T22:00:00Z',
    '2026-10-25T22:59:59.999Z',
    '2026-10-25T23:00:00Z',
    '2026-10-26T22:30:00Z',
    '2026-10-26T23:30:00Z',
  ];
  const traces = sent.map((startedAt, i) => {
    return { id: `t${i}`, label: 'og/days', startedAt, endedAt: startedAt };
  });
  expect((await ask('POST', '/api/v1/traces', { traces })).json.accepted).toBe(sent.length);
  const counted = async (zone: string) => {
    const days = await lastDays(store, { label: 'og/days', zone, now: NOW, count: 5 });
    return days.map(({ name, traces: count, isAbout }) => `${name} ${isAbout ? '~' : ''}${count}`);
  };
  expect(await counted('Europe/Berlin')).toEqual([
    '2026-10-27 1',
    '2026-10-26 2',
    '2026-10-25 2',
    '2026-10-24 1',
    '2026-10-23 0',
  ]);
  expect((await counted('Asia/Kolkata'))[0]).toBe('2026-10-27 ~2');
});
