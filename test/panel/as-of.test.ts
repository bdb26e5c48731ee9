/** Pages as of a time: one that can't be read, that is meant twice, or that lies ahead is never taken for one that was asked of. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/watch/clock.ts';
import { appUnderTest } from '../http/app-under-test.ts';
import { blob, PUSHED, START } from '../store/opened.ts';

/** Five days on. */
const clock = { ...systemClock, now: () => START + 5 * 86_400_000 };
const cookie = `underlabel_view=${encodeURIComponent('zone=Europe/Berlin&theme=dark')}`;
const UNREAD = [
  ['yesterday', 'is no time'],
  ['2026-13-01', 'is no time'],
  // The hour that came twice.
  ['2026-10-25 02:30', 'does not name one instant'],
  // And one that never was.
  ['2026-03-29 02:30', 'does not name one instant'],
] as const;

async function pages() {
  const app = await appUnderTest({ clock });
  const { store } = app;
  await store.putLabel('acme/asked', PUSHED, START);
  const files = [{ path: 'gate.onnx', blobId: blob('x'), size: 12 }];
  const push = { files, backfill: false, requestedAt: START, receivedAt: START };
  const { observation } = await store.recordPush('acme/asked', push, START);
  const time = new Date(START).toISOString();
  const trace = { id: 't-1', label: 'acme/asked', startedAt: time, endedAt: time };
  await app.ask('POST', '/api/v1/traces', { traces: [trace] });
  const see = async (path: string, asOf: string) => {
    const query = new URLSearchParams({ asOf });
    return app.ask('GET', `${path}?${query}`, undefined, { accept: 'text/html', cookie });
  };
  const paths = [`/artifacts/${observation.artifactId}`, `/blobs/${blob('x')}`, '/traces/t-1'];
  return { paths, see };
}

describe('a time asked of', () => {
  it.each(UNREAD)(
    '%s is refused, and on top of the page nothing is said to be as of it',
    async (asked, why) => {
      const { paths, see } = await pages();
      for (const path of paths) {
        const { status, text } = await see(path, asked);
        expect([path, status]).toEqual([path, 400]);
        const said = text.indexOf(
          `The time ‘${asked}’ can’t be read, so nothing is shown as of it`,
        );
        expect(said).toBeGreaterThan(0);
        expect(said).toBeLessThan(text.search(/class="word |<h2/));
        expect(text).toContain('follows is as of now');
        expect(text).not.toContain('As of <time');
        expect(text).toContain(why);
        expect(text).toContain(`value="${asked}"`);
      }
    },
  );

  it('is told to lie ahead where it does, on top of the page', async () => {
    const { paths, see } = await pages();
    for (const path of paths) {
      const { status, text } = await see(path, '2999-01-01');
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain('That time is ahead: this is what is known now.');
      expect(text).not.toContain('left out');
    }
    const { text } = await see(paths[0]!, '2999-01-01');
    expect(text.indexOf('That time is ahead')).toBeLessThan(text.indexOf('class="word '));
  });

  it('that can be read is told on top of the page', async () => {
    const { paths, see } = await pages();
    for (const path of paths.slice(0, 2)) {
      const { status, text } = await see(path, '2026-11-18');
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain('later is left out');
      expect(text.indexOf('later is left out')).toBeLessThan(text.search(/class="word |<h2/));
    }
  });
});
