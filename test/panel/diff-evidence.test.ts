/** What pairs say since a change, on the label’s page and among all labels. */
import { expect, it } from 'vitest';
import type { ChangeEvidence } from '../../src/diff/evidence/change-evidence.ts';
import { evidenceSentence } from '../../src/diff/evidence/evidence-words.ts';
import { appUnderTest } from '../http/app-under-test.ts';
import { files, PUSHED } from '../store/opened.ts';

const html = { accept: 'text/html' };
const LABEL = 'og/moved';

it('says "insufficient so far" until it is told, and leads to the diff of both artifacts', async () => {
  const { store, ask } = await appUnderTest();
  const now = Date.now();
  await store.putLabel(LABEL, PUSHED, now);
  const push = (ago: number, name: string) => {
    const instants = { requestedAt: now - ago, receivedAt: now - ago };
    return store.recordPush(LABEL, { ...instants, files: files(name), backfill: false }, now);
  };
  await push(60_000, 'p');
  const { change } = await push(30_000, 'q');
  const see = async (path: string) => (await ask('GET', path, undefined, html)).text;
  const page = `/labels/${encodeURIComponent(LABEL)}`;
  const seen = (pairs: number, flipped: number, e: number): Promise<void> => {
    const flips = [{ before: 'CLEAR', after: '\u202eHOLD', pairs: flipped }];
    const evidence: ChangeEvidence = {
      ...{ pairs, flipped, flips: flipped > 0 ? flips : [], e, logE: Math.log(e), unconfirmed: 0 },
    };
    return store.recordEvidence(change!.id, evidence, evidenceSentence(evidence), now);
  };

  expect(await see(page)).not.toContain('insufficient');
  await seen(14, 2, 1.5);
  const open = await see(page);
  expect(open).toMatch(/class="word open".*insufficient so far<\/span>/);
  expect(open).toContain('14 pairs of the same input, 2 flipped');
  expect(open).toContain('It watches whether they flip one way, and nothing else');
  expect(open).not.toContain('\u202e');
  const { from, to } = change!;
  const query = new URLSearchParams({ label: LABEL, before: from!, after: to! });
  const link = `/diffs?${query}`;
  expect(open.replaceAll('&amp;', '&')).toContain(`href="${link}"`);
  expect(await see(link)).toContain(`value="${from}"`);
  expect(await see(`/changes/${change!.id}`)).toContain(link.replaceAll('&', '&amp;'));
  expect(await see('/')).toContain('insufficient so far: 14 pairs');

  await seen(30, 12, 41);
  expect(await see(page)).toMatch(/class="word alarm".*decisions go another way<\/span>/);
  expect(await see('/')).toContain('decisions go another way');
});
