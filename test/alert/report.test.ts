import { expect, it } from 'vitest';
import { type Attempt, logAttempt } from '../../src/alert/report.ts';

const ATTEMPT: Attempt = {
  channel: 'ops',
  kind: 'webhook',
  deliveryId: 7,
  event: { id: 'event-1', type: 'underlabel.change.moved', subject: 'og/x' },
  outcome: 'dead',
  error: { code: 'http-500', message: 'hooks.example answered with status 500.' },
  tookMs: 12.3,
  sinceRecordedMs: 40,
};

it.each([
  ['delivered', null],
  ['released', null],
  ['retry', 'warn'],
  ['dead', 'error'],
  ['gone', 'error'],
] as const)('an attempt that ended %s is a line of level %s', (outcome, level) => {
  const lines: [string, object][] = [];
  const log = {
    warn: (fields: object) => lines.push(['warn', fields]),
    error: (fields: object) => lines.push(['error', fields]),
  };
  logAttempt(log, { ...ATTEMPT, outcome });
  const fields = {
    channel: 'ops',
    deliveryId: 7,
    event: 'event-1',
    type: 'underlabel.change.moved',
    error: ATTEMPT.error,
  };
  expect(lines).toEqual(level ? [[level, fields]] : []);
});
