/** Reads labels on demand, and looks at the tags of the newest traces. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ObservationJson } from '../../src/contract/observation.ts';
import type { TraceJson } from '../../src/contract/trace.ts';
import { type Asking, ask } from './asking.ts';
import type { Random } from './random.ts';
import { falseCalm } from './reckoning/judgement.ts';
import type { LabelTruth } from './truth.ts';

const LOOK_AT = 60;

interface Means {
  asking: Asking;
  random: Random;
  labels: readonly LabelTruth[];
  /** Labels of which something is not yet known to be recorded. */
  open: () => readonly LabelTruth[];
}

export class Reading {
  /** Readings that were acknowledged: each must be found at the end. */
  readonly acknowledged: ObservationJson[] = [];
  /** Tags that were looked at while the service ran. */
  looks = 0;
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Until `ending` aborts. */
  async run(ending: AbortSignal): Promise<void> {
    const { random, labels, asking, open } = this.#means;
    while (!ending.aborted) {
      if ((await asking.standing.whenUp(ending)) === null) return;
      const some = random.chance(0.5) ? open() : labels;
      if (random.chance(0.4)) await this.#look();
      else if (some.length > 0) await this.readNow(random.pick(some));
      await pause(random.between(10, 120));
    }
  }

  async readNow(label: LabelTruth): Promise<ObservationJson | null> {
    const path = `labels/${encodeURIComponent(label.name)}/observations`;
    const observation = await ask<ObservationJson>(this.#means.asking, path, { method: 'POST' });
    if (observation) this.acknowledged.push(observation);
    return observation;
  }

  /** What was just recorded is where a tag may claim too much: the next reading may show that it did. */
  async #look(): Promise<void> {
    const { labels, asking } = this.#means;
    const page = await ask<{ items: TraceJson[] }>(asking, `traces?limit=${LOOK_AT}`);
    for (const trace of page?.items ?? []) {
      this.looks++;
      const label = labels.find(({ name }) => name === trace.label) ?? null;
      const fault = falseCalm(trace, label);
      if (fault) asking.findings.note(`while the service ran: ${fault}`);
    }
  }
}
