/**
 * What happens to the labels: they move, go back, vanish, and can't be read for a while. A label
 * goes on only once the service is known to have recorded what happened to it last, so each change
 * must be found, however often the service dies meanwhile.
 */
import type { LabelJson } from '../../src/contract/label.ts';
import type { ManifestFile } from '../../src/lineage/manifest.ts';
import { type Asking, ask } from './asking.ts';
import type { Hub } from './hub.ts';
import type { Random } from './random.ts';
import type { FaultKind, LabelTruth } from './truth.ts';

const FAULTS: readonly FaultKind[] = ['status', 'reset', 'page', 'half'];
const LONGEST_REST_MS = 800;
/** Longer than many a life: a label may stay unreadable over a restart. */
const LONGEST_FAULT_MS = 4000;

interface Part {
  label: LabelTruth;
  /** 'record': the service must record what is under the label now. 'fail': a failed reading. */
  awaits: 'record' | 'fail' | null;
  /** When it began to be awaited: only what was asked later tells of it. */
  since: number;
  /** When the label goes on; ms as performance.now() has them. */
  nextAt: number;
}

export class Script {
  readonly #parts: Part[];
  readonly #hub: Hub;
  readonly #random: Random;
  readonly #asking: Asking;
  #isEnding = false;

  constructor(labels: readonly LabelTruth[], hub: Hub, random: Random, asking: Asking) {
    this.#parts = labels.map((label) => ({ label, awaits: 'record', since: 0, nextAt: 0 }));
    this.#hub = hub;
    this.#random = random;
    this.#asking = asking;
  }

  /** Nothing new happens; what happened is still followed until it is known to be recorded. */
  end(): void {
    this.#isEnding = true;
  }

  /** Labels that wait for the service. */
  get open(): LabelTruth[] {
    const open = this.#parts.filter(({ awaits, label }) => awaits !== null || label.fault);
    return open.map(({ label }) => label);
  }

  /** Lets happen what is due. */
  play(): void {
    const now = performance.now();
    for (const part of this.#parts) {
      if (part.awaits !== null || part.nextAt > now) continue;
      if (part.label.fault) this.#recover(part);
      else if (!this.#isEnding) this.#goOn(part);
    }
  }

  /** Asks the service what it has recorded; where it dies meanwhile, nothing is learnt. */
  async learn(): Promise<void> {
    const askedAt = performance.now();
    const page = await ask<{ items: LabelJson[] }>(this.#asking, 'labels?limit=1000');
    const shown = new Map(page?.items.map((label) => [label.name, label]));
    for (const part of this.#parts) {
      const label = shown.get(part.label.name);
      if (!label || part.awaits === null || part.since >= askedAt) continue;
      if (!hasRecorded(label, part)) continue;
      const longest = part.awaits === 'fail' ? LONGEST_FAULT_MS : LONGEST_REST_MS;
      part.nextAt = performance.now() + this.#random.between(0, longest);
      part.awaits = null;
    }
  }

  #goOn(part: Part): void {
    const { label } = part;
    if (this.#random.chance(0.15)) {
      label.breakDown(this.#random.pick(FAULTS));
      begin(part, 'fail');
      return;
    }
    const files = this.#draw(label);
    const move = () => {
      label.move(files);
      begin(part, 'record');
    };
    if (this.#random.chance(0.5)) {
      move();
    } else {
      part.awaits = 'record';
      part.since = Infinity;
      this.#hub.moveAmidRead(label, move);
    }
  }

  #recover(part: Part): void {
    // What moves while nobody can look is found by the first reading that says something again.
    if (this.#random.chance(0.4)) part.label.move(this.#draw(part.label));
    part.label.recover();
    begin(part, 'record');
  }

  /** What comes under the label next: never what is there now. */
  #draw(label: LabelTruth): ManifestFile[] | null {
    if (label.now.files && this.#random.chance(0.15)) return null;
    const earlier = label.earlier();
    if (earlier.length > 0 && this.#random.chance(0.3)) return this.#random.pick(earlier);
    return drawFiles(this.#random);
  }
}

/** Files of an artifact that nobody had before. */
export function drawFiles(random: Random): ManifestFile[] {
  return Array.from({ length: random.between(1, 3) }, (_, i) => ({
    path: i === 0 ? 'model.onnx' : `weights/${i}.bin`,
    blobId: random.bytes(32).toString('base64url'),
    size: random.chance(0.5) ? random.between(1, 1e9) : null,
  }));
}

function begin(part: Part, what: 'record' | 'fail'): void {
  part.awaits = what;
  part.since = performance.now();
}

function hasRecorded({ current, watch }: LabelJson, { awaits, label }: Part): boolean {
  if (awaits === 'fail') return watch.consecutiveFailures > 0;
  const isWell = current !== null && watch.consecutiveFailures === 0;
  return isWell && current.artifactId === label.now.under;
}
