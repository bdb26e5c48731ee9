/** What docs/alerts.md shows is what is sent, and its code does what it says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventBody } from '../../src/alert/cloud-event.ts';
import { DELAYS_MS } from '../../src/alert/retry.ts';
import { newSecret } from '../../src/alert/secret.ts';
import { signedHeaders } from '../../src/alert/signature.ts';
import { type CloudEventJson, cloudEvent } from '../../src/contract/event.ts';
import { event, TYPES } from './events.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');

function blocks(language: string, text = DOCS): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]!);
}

const whole = JSON.parse(blocks('json')[0]!) as CloudEventJson;

it('the event that is shown is one', () => {
  expect(cloudEvent.safeParse(whole).error?.issues).toBeUndefined();
});

it.each(TYPES)('%s is told of, with data of its form', (type) => {
  expect(DOCS).toContain(type);
  if (type.startsWith('underlabel.change.')) return;
  const section = DOCS.split(/^#+ /m).find((text) => text.startsWith(`\`${type}\``))!;
  const data: unknown = JSON.parse(blocks('json', section)[0]!);
  const parsed = cloudEvent.safeParse({ ...whole, type, data });
  expect(parsed.error?.issues).toBeUndefined();
});

it('the code that is shown verifies what is sent, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'underlabel-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'verified.mjs');
  writeFileSync(file, blocks('js')[0]!);
  const { verified } = await import(/* @vite-ignore */ file);
  const [now, before] = [newSecret(), newSecret()];
  const body = eventBody(event('underlabel.change.moved'));
  const sentAt = Date.now();
  const headers = signedHeaders({ id: 'one', sentAt, body, secrets: [now, before] });
  for (const secret of [now, before]) {
    expect(verified(headers, body, secret)).toEqual(JSON.parse(body.toString()));
  }
  expect(() => verified(headers, body, newSecret())).toThrow('not signed');
  expect(() => verified(headers, Buffer.concat([body, body]), now)).toThrow('not signed');
  expect(() => verified({ ...headers, 'webhook-id': 'two' }, body, now)).toThrow('not signed');
  expect(() => verified(headers, body, now, sentAt / 1000 + 301)).toThrow('too old');
  expect(() => verified({}, body, now)).toThrow('too old');
});

it('the delays that are shown are those that are kept', () => {
  const units = { s: 1000, min: 60_000, h: 3_600_000 };
  const sentence = /tried again after (.+?),\neach/s.exec(DOCS)![1]!;
  const shown = [...sentence.matchAll(/(\d+) (s|min|h)\b/g)].map(
    ([, count, unit]) => Number(count) * units[unit as keyof typeof units],
  );
  expect(shown).toEqual(DELAYS_MS.slice(1));
});
