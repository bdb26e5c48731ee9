/** An older copy put back: what was between is said to be unknown, in every answer that would meet it. */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { timeline } from '../../src/contract/observation.ts';
import { listen } from './event-source.ts';
import {
  filesNamed,
  labelPath,
  serviceUnderTest,
  temporaryFolder,
  type UnderTest,
} from './service-under-test.ts';

const LABEL = 'og/a';

const push = async (service: UnderTest, name: string) => {
  const path = labelPath(LABEL, '/observations');
  const { status, json } = await service.ask('POST', path, { files: filesNamed(name) });
  expect(status).toBe(201);
  return json;
};

it('a restored copy says from when to when nothing is known, and never that all went on', async () => {
  const first = await serviceUnderTest();
  await first.ask('PUT', labelPath(LABEL), { source: { kind: 'push' } });
  const before = await push(first, 'a');
  const answer = await fetch(`${first.url}/api/v1/backup`, { method: 'POST' });
  const copy = Buffer.from(await answer.arrayBuffer());
  // None of this is in the copy; the label comes back to what it held.
  const moved = await push(first, 'b');
  await push(first, 'a');
  await first.close();

  const dataFolder = await temporaryFolder();
  await writeFile(join(dataFolder, 'underlabel.db'), copy);
  const second = await serviceUnderTest({ dataFolder });
  const after = await push(second, 'a');
  const { json } = await second.ask('GET', labelPath(LABEL, '/timeline'));
  const { tenures, lost } = timeline.parse(json);
  expect(lost).toHaveLength(1);
  const [{ from, to }] = lost as [(typeof lost)[number]];
  expect(before.recordedAt <= from && from <= moved.recordedAt).toBe(true);
  expect(moved.recordedAt <= to && to <= after.requestedAt).toBe(true);
  // One artifact on both sides is one tenure, and the stretch is a gap in it.
  expect(tenures).toHaveLength(1);
  expect(tenures[0]!.maxGapMs).toBeGreaterThanOrEqual(Date.parse(to) - Date.parse(from));
  const at = await second.ask('GET', labelPath(LABEL, `/at?time=${moved.receivedAt}`));
  expect(at.json).toMatchObject({ certainty: 'unobserved', artifactId: null });

  const stream = await listen(
    `${second.url}/api/v1/events?type=underlabel.store.*&lastEventId=00000000-0000-7000-8000-000000000000`,
  );
  const [told] = await stream.events.reach(1);
  expect(told!.event).toMatchObject({ subject: 'store', data: { from, to } });
  stream.leave();

  // A start is no restore: it is told once, and its own backups begin from here.
  await second.close();
  const third = await serviceUnderTest({ dataFolder });
  expect((await third.ask('GET', labelPath(LABEL, '/timeline'))).json.lost).toEqual(lost);
});

it('a database that was only moved knows of nothing lost', async () => {
  const first = await serviceUnderTest();
  await first.ask('PUT', labelPath(LABEL), { source: { kind: 'push' } });
  await push(first, 'a');
  await first.close();
  const dataFolder = await temporaryFolder();
  await copyFile(join(first.folder, 'underlabel.db'), join(dataFolder, 'underlabel.db'));
  const second = await serviceUnderTest({ dataFolder });
  expect((await second.ask('GET', labelPath(LABEL, '/timeline'))).json.lost).toEqual([]);
});
