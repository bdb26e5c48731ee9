/** Whether the service says of itself that it does its work, to everybody who asks. */
import { describe, expect, it } from 'vitest';
import { START } from '../store/opened.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { failing, holding, ScriptedSource } from '../watch/scripted-source.ts';
import { appUnderTest } from './app-under-test.ts';
import { expectProblem } from './problems.ts';
import { labelPath } from './service-under-test.ts';

const SOURCE = { kind: 'manifest', url: 'https://hub.example/manifest.json' };

describe('the service is ready', () => {
  it('while every label is confirmed in time, and says how many are not, without names', async () => {
    const clock = new FakeClock(START);
    const source = new ScriptedSource();
    const { ask } = await appUnderTest({ clock, source });
    const ready = await ask('GET', '/readyz');
    expect([ready.status, ready.text]).toEqual([200, 'ready\n']);

    for (const name of ['og/a', 'og/b']) {
      await ask('PUT', labelPath(name), { source: SOURCE, every: '10s' });
    }
    await ask('PUT', labelPath('pushed'), { source: { kind: 'push' }, every: '1s' });
    await clock.pass(100_000);
    expect((await ask('GET', '/readyz')).status).toBe(200);

    source.script = failing();
    await clock.pass(70_000);
    const late = await ask('GET', '/readyz');
    expectProblem(late, 503, 'not-ready');
    expect(late.json.detail).toMatch(
      /^2 labels were not confirmed in time \(the longest not for \d+s\)/,
    );
    expect(late.text).not.toContain('og/');
    expect((await ask('GET', '/healthz')).text).toBe('ok\n');
    const metrics = await ask('GET', '/metrics');
    expect(metrics.text).toContain('underlabel_labels_overdue 2');

    source.script = holding('a');
    await clock.pass(600_000);
    expect((await ask('GET', '/readyz')).status).toBe(200);
    await ask('DELETE', labelPath('og/a'));
    expect((await ask('GET', '/metrics')).text).toContain('underlabel_labels_watched 1');
  });

  it('only where its database can be used, and what is wrong with it is for the log', async () => {
    const broken = new Error('the disk caught fire');
    const { ask, errors } = await appUnderTest({
      seen: (store) => ({ ...store, check: () => Promise.reject(broken) }),
    });
    const asked = await ask('GET', '/readyz');
    expectProblem(asked, 503, 'not-ready');
    expect(asked.text).not.toContain('fire');
    expect(errors).toEqual([broken]);
  });
});
