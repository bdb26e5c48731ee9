/** The client beside a real service: the same readings, the same question, and never a stronger answer. */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, type Tag } from '../../src/client/index.ts';
import { filesNamed, labelPath, sharedService } from '../http/service-under-test.ts';
import { histories, spansWithin } from '../lineage/histories.ts';

const KEYS = [
  { role: 'admin', secret: 'for-the-test' },
  { role: 'read', secret: 'for-the-client' },
] as const;
const AUTHORIZATION = { authorization: 'Bearer for-the-test' };
const service = sharedService({ keys: KEYS });

function client() {
  const created = createClient({ url: service.url, key: 'for-the-client', timeoutMs: 60_000 });
  onTestFinished(() => created.close());
  return created;
}

async function ask(method: string, path: string, body?: unknown) {
  const answer = await service.ask(method, path, body, AUTHORIZATION);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.json;
}

let labels = 0;
async function pushedLabel(settings: Record<string, string> = {}): Promise<string> {
  const name = `a/label-${++labels}`;
  await ask('PUT', labelPath(name), { source: { kind: 'push' }, ...settings });
  return name;
}

const iso = (ms: number) => new Date(ms).toISOString();

describe('a tag beside the answer of the service', () => {
  it('is the same, or weaker, and never of another artifact', async () => {
    const begin = Math.floor(Date.now() / 1000) * 1000 - 120_000;
    let [same, weaker] = [0, 0];
    await fc.assert(
      fc.asyncProperty(histories(7), async (readings) => {
        const name = await pushedLabel({ clockSkew: '200ms', servingLag: '100ms' });
        for (const { requestedAt, receivedAt, artifactId } of readings) {
          const times = {
            requestedAt: iso(begin + requestedAt * 1000),
            receivedAt: iso(begin + receivedAt * 1000),
          };
          const what = artifactId === null ? { absent: true } : { files: filesNamed(artifactId) };
          await ask('POST', labelPath(name, '/observations'), { ...times, ...what });
        }
        const own = client();
        await own.tagWhenLoaded({ label: name }, { withinMs: 60_000 });
        const spans = [...spansWithin(0, 16)].filter((_, i) => i % 11 === labels % 11);
        for (const { start, end } of spans) {
          const [startedAt, endedAt] = [begin + start * 1000, begin + end * 1000];
          const query = `?time=${iso(startedAt)}&until=${iso(endedAt)}`;
          const at = await ask('GET', labelPath(name, `/at${query}`));
          const tag = own.tag({ label: name, startedAt, endedAt });
          expect(tag.problem).toBeNull();
          const { certainty, artifactId, candidates, window } = tag;
          if (certainty === 'unobserved' && at.certainty !== 'unobserved') {
            expect({ artifactId, candidates, window }).toEqual({
              ...{ artifactId: null, candidates: [], window: null },
            });
            weaker++;
          } else {
            const said = { certainty: at.certainty, candidates: at.candidates, window: at.window };
            expect({ certainty, candidates, window }).toEqual(said);
            expect(artifactId).toBe(at.artifactId);
            same++;
          }
        }
      }),
      { numRuns: 15 },
    );
    expect(same).toBeGreaterThan(weaker);
  });

  it('has the blobs of the artifact, and follows it when it moves', async () => {
    const name = await pushedLabel({ clockSkew: '0s' });
    await ask('POST', labelPath(name, '/observations'), { files: filesNamed('one') });
    const own = client();
    const before = await own.tagWhenLoaded({ label: name }, { withinMs: 60_000 });
    expect(before).toMatchObject({
      certainty: 'provisional',
      blobIds: [filesNamed('one')[0]!.blobId],
      problem: null,
    });
    await ask('POST', labelPath(name, '/observations'), { files: filesNamed('two') });
    const after = await client().tagWhenLoaded({ label: name }, { withinMs: 60_000 });
    expect(after.blobIds).toEqual([filesNamed('two')[0]!.blobId]);
    expect(after.artifactId).not.toBe(before.artifactId);
  });

  it('says whose fault it is that nothing is known', async () => {
    const problemOf = ({ problem }: Tag) => problem?.code;
    expect(problemOf(await client().tagWhenLoaded({ label: 'nobody/knows' }))).toBe(
      'unknown-label',
    );
    const foreign = createClient({ url: service.url, key: 'another' });
    expect(problemOf(await foreign.tagWhenLoaded({ label: 'nobody/knows' }))).toBe('refused');
    foreign.close();
  });
});
