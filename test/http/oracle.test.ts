/** Random histories through the API, against the oracle that tries every history the rules allow. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { histories, spansWithin } from '../lineage/histories.ts';
import { oracleOf } from '../lineage/oracle.ts';
import { filesNamed, labelPath, serviceUnderTest } from './service-under-test.ts';

const BASE = Date.parse('2026-11-17T10:00:00Z');
const at = (ms: number) => new Date(BASE + ms).toISOString();
const idOf = (letter: string | null) =>
  letter === null
    ? null
    : artifactIdOf(filesNamed(letter).map((file) => ({ ...file, size: null })));

describe('attribution through HTTP', () => {
  test('allows what the oracle allows, in whatever order the readings were backfilled', async () => {
    const { ask } = await serviceUnderTest();
    let label = 0;
    const property = fc.asyncProperty(
      histories(4).chain((readings) =>
        fc.record({
          readings: fc.constant(readings),
          order: fc.shuffledSubarray(readings, { minLength: readings.length }),
        }),
      ),
      async ({ readings, order }) => {
        const name = `og/random-${++label}`;
        await ask('PUT', labelPath(name), { source: { kind: 'push' }, clockSkew: '0s' });
        for (const { requestedAt, receivedAt, artifactId } of order) {
          const said = artifactId === null ? { absent: true } : { files: filesNamed(artifactId) };
          const body = { requestedAt: at(requestedAt), receivedAt: at(receivedAt), ...said };
          const path = labelPath(name, '/observations?backfill=true');
          expect((await ask('POST', path, body)).status).toBe(201);
        }
        const horizon = (readings.at(-1)?.receivedAt ?? 0) + 2;
        const oracle = oracleOf(readings, horizon);
        for (const span of spansWithin(0, horizon)) {
          const query = `time=${at(span.start)}&until=${at(span.end)}`;
          const { json } = await ask('GET', labelPath(name, `/at?${query}`));
          const { observed, candidates, window } = oracle(span);
          expect({ span, ...json }).toMatchObject({
            span,
            certainty: observed,
            observed,
            candidates: candidates.map(idOf),
            artifactId: candidates.length === 1 ? idOf(candidates[0]!) : null,
            window: window && { after: at(window.after), before: at(window.before) },
          });
        }
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });
});
