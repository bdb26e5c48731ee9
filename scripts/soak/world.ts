/** All that is around the service: a hub that moves, somebody who sends and asks, and those who are told. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelJson } from '../../src/contract/channel.ts';
import { type Asking, ask } from './asking.ts';
import type { Findings } from './findings.ts';
import { type Hub, openHub } from './hub.ts';
import { Ingest } from './ingest.ts';
import { Moments } from './moments.ts';
import { Random } from './random.ts';
import { Reading } from './reading.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { drawFiles, Script } from './script.ts';
import { Standing } from './standing.ts';
import { EventStream } from './stream.ts';
import { LabelTruth } from './truth.ts';

const READERS = 3;
const PLAY_EVERY_MS = 20;
const LEARN_EVERY_MS = 100;
const LONGEST_WAIT_MS = 60_000;
const IN_VAIN = `waited ${LONGEST_WAIT_MS / 1000} s in vain for`;

export async function openWorld(seed: number, count: number, findings: Findings): Promise<World> {
  const labels = drawLabels(count, new Random(seed, 'labels'));
  const moments = new Moments();
  const hub = await openHub(labels, new Random(seed, 'hub'), moments);
  const receiver = await openReceiver(new Random(seed, 'receiver'), moments, findings);
  return new World({ seed, labels, findings, moments, hub, receiver });
}

interface Parts {
  seed: number;
  labels: readonly LabelTruth[];
  findings: Findings;
  moments: Moments;
  hub: Hub;
  receiver: Receiver;
}

export class World {
  readonly parts: Parts;
  readonly asking: Asking;
  readonly ingest: Ingest;
  readonly reading: Reading;
  readonly stream: EventStream;
  readonly #script: Script;
  readonly #ending = new AbortController();
  readonly #over = new AbortController();
  #loads: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    const { seed, labels, findings, moments, hub } = parts;
    const standing = new Standing();
    const random = (concern: string) => new Random(seed, concern);
    this.parts = parts;
    this.asking = { standing, findings };
    const { asking } = this;
    const names = labels.map(({ name }) => name);
    this.ingest = new Ingest({ asking, moments, random: random('ingest'), seed, labels: names });
    this.#script = new Script(labels, hub, random('script'), asking);
    const open = () => this.#script.open;
    this.reading = new Reading({ asking, random: random('reading'), labels, open });
    this.stream = new EventStream(standing, findings);
  }

  /** What the service may fetch, though it is on this machine. */
  get allowHosts(): string[] {
    return [this.parts.hub.host, this.parts.receiver.host];
  }

  /** Once, in a life that isn't cut short: from here on every event must reach the receiver and the stream. */
  async setUp(): Promise<void> {
    const { labels, receiver } = this.parts;
    const body = { kind: 'webhook', url: receiver.url };
    const channel = await ask<ChannelJson>(this.asking, 'channels/soak', { method: 'PUT', body });
    if (!channel?.secret) throw new Error('the channel could not be made');
    receiver.secret = channel.secret;
    void this.stream.follow(this.#over.signal);
    await surely('the stream of events', () => this.stream.connections > 0);
    for (const label of labels) await this.#put(label, '1s');
    void this.#follow();
    // From the first event on the stream surely has something to resume after.
    await surely('the first event', () => this.stream.events.length > 0);
  }

  beginLoad(): void {
    const readers = Array.from({ length: READERS }, () => this.reading.run(this.#ending.signal));
    this.#loads = Promise.all([
      ...readers,
      this.ingest.run(this.#ending.signal, this.#over.signal),
    ]);
  }

  /** Nothing new happens, and what is open comes to its end; what doesn't is noted. */
  async settle(): Promise<void> {
    const { labels, receiver, findings } = this.parts;
    receiver.mayFail = false;
    this.#script.end();
    this.#ending.abort();
    const wait = async (what: string, holds: () => boolean | Promise<boolean>) => {
      if (!(await until(holds))) findings.note(`${IN_VAIN} ${what}`);
    };
    let isSent = false;
    void this.#loads.then(() => {
      isSent = true;
    });
    await wait('the last batches to be acknowledged', () => isSent);
    await wait('all that happened to the labels to be recorded', async () => {
      // Left alone, one that failed for a while would be read again late.
      for (const label of this.#script.open) await this.reading.readNow(label);
      return this.#script.open.length === 0;
    });
    for (const label of labels) {
      // The reckoning compares several answers: no reading must come between them.
      await this.#put(label, '7d');
      // A reading after the newest trace makes every tag final.
      await this.reading.readNow(label);
    }
    for (const status of ['waiting', 'pending']) {
      await wait(`${status} deliveries`, () => this.#hasNone(`deliveries?status=${status}`));
    }
    const { received } = receiver;
    await wait('the stream of events', () => this.stream.events.length >= received.size);
  }

  async close(): Promise<void> {
    const { hub, receiver } = this.parts;
    this.#ending.abort();
    this.#over.abort();
    await this.#loads.catch(() => {});
    await Promise.all([hub.close(), receiver.close()]);
  }

  async #put(label: LabelTruth, every: string): Promise<void> {
    const source = { kind: 'manifest', url: this.parts.hub.urlOf(label) };
    const body = { source, every, clockSkew: `${label.clockSkewMs}ms` };
    const path = `labels/${encodeURIComponent(label.name)}`;
    const put = await ask(this.asking, path, { method: 'PUT', body });
    if (!put) throw new Error(`the settings of ${label.name} were not taken`);
  }

  /** The script goes on, and learns what the service has recorded. */
  async #follow(): Promise<void> {
    const over = this.#over.signal;
    const play = setInterval(() => this.#script.play(), PLAY_EVERY_MS);
    while ((await this.asking.standing.whenUp(over)) !== null) {
      await this.#script.learn();
      await pause(LEARN_EVERY_MS);
    }
    clearInterval(play);
  }

  async #hasNone(path: string): Promise<boolean> {
    const page = await ask<{ items: unknown[] }>(this.asking, `${path}&limit=1`);
    return page?.items.length === 0;
  }
}

/** @returns whether it came to hold in time */
async function until(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await pause(PLAY_EVERY_MS);
  }
  return true;
}

/** @throws Error where it doesn't come to hold */
async function surely(what: string, holds: () => boolean): Promise<void> {
  if (!(await until(holds))) throw new Error(`${IN_VAIN} ${what}`);
}

function drawLabels(count: number, random: Random): LabelTruth[] {
  return Array.from({ length: count }, (_, i) => {
    // Most tags must be right to the millisecond. Some labels begin with nothing under them.
    const clockSkewMs = i % 4 === 3 ? 150 : 0;
    const files = i % 6 === 5 ? null : drawFiles(random);
    return new LabelTruth(`soak/label-${i}`, clockSkewMs, files);
  });
}
