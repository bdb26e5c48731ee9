/** What is counted, and that what is written about it names exactly that. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../src/http/metrics.ts';
import { receiver } from '../alert/receiver.ts';
import { START } from '../store/opened.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { failing, ScriptedSource } from '../watch/scripted-source.ts';
import { appUnderTest } from './app-under-test.ts';
import { labelPath } from './service-under-test.ts';

const docs = (file: string) => readFileSync(join(import.meta.dirname, '../../docs', file), 'utf8');

/** Of our own: name → type. */
async function typesOf(metrics: Metrics): Promise<Map<string, string>> {
  const lines = (await metrics.text()).matchAll(/^# TYPE (underlabel_\w+) (\w+)$/gm);
  return new Map([...lines].map(([, name, type]) => [name!, type!]));
}

describe('metrics', () => {
  it('say in their names what they count in', async () => {
    const { metrics } = await appUnderTest();
    const types = await typesOf(metrics);
    expect(types.size).toBeGreaterThan(15);
    for (const [name, type] of types) {
      if (type === 'counter') expect(name).toMatch(/_total$/);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      if (type === 'gauge') expect(name).not.toMatch(/_total$|_ms$|_millis/);
    }
  });

  it('all stand in docs/operations.md, and nothing else does', async () => {
    const { metrics } = await appUnderTest();
    const named = new Set(docs('operations.md').match(/\bunderlabel_\w+/g));
    expect([...named].sort()).toEqual([...(await typesOf(metrics)).keys()].sort());
  });

  it('are what the dashboard asks for, all of them', async () => {
    const { metrics } = await appUnderTest();
    const types = await typesOf(metrics);
    const dashboard = JSON.parse(docs('grafana-dashboard.json'));
    const asked = new Set<string>();
    for (const panel of dashboard.panels) {
      for (const { expr } of panel.targets ?? []) {
        for (const [name] of expr.matchAll(/\b(?:underlabel|process|nodejs)_\w+/g)) asked.add(name);
      }
    }
    const exported = new Set((await metrics.text()).match(/(?<=^# TYPE )\w+/gm));
    for (const name of asked) expect(exported).toContain(name.replace(/_bucket$/, ''));
    for (const [name, type] of types) {
      expect([...asked], name).toContain(type === 'histogram' ? `${name}_bucket` : name);
    }
  });

  it('say how the database keeps what it acknowledges', async () => {
    const { metrics } = await appUnderTest();
    expect(await metrics.text()).toContain(
      'underlabel_store_info{journal_mode="wal",synchronous="full"} 1',
    );
  });

  it('say how labels stand', async () => {
    const clock = new FakeClock(START);
    const source = new ScriptedSource();
    source.script = failing();
    const { ask, metrics } = await appUnderTest({ clock, source });
    const body = { source: { kind: 'manifest', url: 'https://hub.example/' }, every: '10s' };
    await ask('PUT', labelPath('og/a'), body);
    await clock.pass(50_000);
    const text = await metrics.text();
    expect(text).toContain('underlabel_labels_watched 1');
    expect(text).toContain('underlabel_labels_unreadable 1');
    expect(text).toContain('underlabel_labels_overdue 1');
    expect(text).toMatch(/^underlabel_overdue_age_max_seconds 50$/m);
  });

  it('say what waits for a channel, what is given up there, and how long it took', async () => {
    const { ask, metrics } = await appUnderTest();
    const hook = await receiver();
    await ask('PUT', '/api/v1/channels/desk', { kind: 'webhook', url: hook.url });
    expect(await metrics.text()).toContain('underlabel_deliveries{channel="desk",status="dead"} 0');
    await ask('POST', '/api/v1/channels/desk/test');
    hook.reply = () => 410;
    await ask('POST', '/api/v1/channels/desk/test');
    const text = await metrics.text();
    expect(text).toContain(
      'underlabel_delivery_attempts_total{channel="desk",outcome="delivered"} 1',
    );
    expect(text).toContain('underlabel_delivery_attempts_total{channel="desk",outcome="gone"} 1');
    expect(text).toContain('underlabel_delivery_latency_seconds_count 1');
    expect(text).toContain('underlabel_deliveries{channel="desk",status="dead"} 1');
    expect(text).toContain('underlabel_channels_disabled 1');
    await ask('DELETE', '/api/v1/channels/desk');
    expect(await metrics.text()).not.toContain('underlabel_deliveries{');
  });

  it('count pings, dropped answers, and attempts that were made', async () => {
    const metrics = createMetrics();
    metrics.pinged('held-back', START);
    expect(await metrics.text()).toContain('underlabel_ping_last_success_timestamp_seconds 0');
    metrics.pinged('pinged', START);
    metrics.dropped('answers', 7);
    metrics.attempted({ channel: 'desk', outcome: 'released', sinceRecordedMs: 1 });
    const text = await metrics.text();
    expect(text).toContain('underlabel_ping_total{outcome="held-back"} 1');
    expect(text).toContain('underlabel_ping_total{outcome="failed"} 0');
    expect(text).toContain(`underlabel_ping_last_success_timestamp_seconds ${START / 1000}`);
    expect(text).toContain('underlabel_answers_dropped_total 7');
    expect(text).not.toContain('underlabel_delivery_attempts_total{');
  });
});
