/**
 * What is so, whatever the service says: what was under a label of the hub when, and when the hub
 * gave no answer. Nothing here is computed by the rules under test but the artifact's id.
 */
import { artifactIdOf, type ManifestFile, type Under } from '../../src/lineage/manifest.ts';
import type { ChangeKind } from '../../src/lineage/timeline.ts';

/** The wall clock just before something was done and just after: integer ms, both floored. */
export interface Noted {
  from: number;
  to: number;
}

interface Held {
  files: ManifestFile[] | null;
  under: Under;
  since: Noted;
}

export type FaultKind = 'status' | 'reset' | 'page' | 'half';

export interface Fault {
  kind: FaultKind;
  began: Noted;
  ended: Noted | null;
}

export interface TrueChange {
  kind: ChangeKind;
  from: Under;
  to: Under;
  at: Noted;
}

export class LabelTruth {
  readonly name: string;
  readonly clockSkewMs: number;
  readonly faults: Fault[] = [];
  readonly #held: Held[];

  /** @param files what the label begins with; null: nothing */
  constructor(name: string, clockSkewMs: number, files: ManifestFile[] | null) {
    this.name = name;
    this.clockSkewMs = clockSkewMs;
    this.#held = [{ files, under: underOf(files), since: noted(() => {}) }];
  }

  get now(): Held {
    return this.#held.at(-1)!;
  }

  get fault(): Fault | null {
    const last = this.faults.at(-1);
    return last && last.ended === null ? last : null;
  }

  /** Artifacts it held before the present one, each once. */
  earlier(): ManifestFile[][] {
    const found = new Map<Under, ManifestFile[]>();
    for (const { under, files } of this.#held) if (files) found.set(under, files);
    found.delete(this.now.under);
    return [...found.values()];
  }

  move(files: ManifestFile[] | null): void {
    const held = { files, under: underOf(files), since: { from: 0, to: 0 } };
    held.since = noted(() => this.#held.push(held));
  }

  breakDown(kind: FaultKind): void {
    const fault: Fault = { kind, began: { from: 0, to: 0 }, ended: null };
    fault.began = noted(() => this.faults.push(fault));
  }

  recover(): void {
    const fault = this.fault!;
    fault.ended = noted(() => {});
  }

  /** What the service must have found, oldest first. A label that begins with nothing has no change there. */
  changes(): TrueChange[] {
    const heldBefore = new Set<Under>();
    let from: Under = null;
    const changes: TrueChange[] = [];
    for (const { under: to, since: at } of this.#held) {
      if (to !== from) changes.push({ kind: kindOf(from, to, heldBefore), from, to, at });
      if (to !== null) heldBefore.add(to);
      from = to;
    }
    return changes;
  }

  /** What was there at some instant of [start, end], ms, for certain. */
  surely(start: number, end: number): Under[] {
    return this.#during(
      (came, went) => Math.max(start, came.to + 1) <= Math.min(end, went.from - 1),
    );
  }

  /** What may have been there at some instant of [start, end], ms. */
  possibly(start: number, end: number): Under[] {
    return this.#during((came, went) => came.from <= end && start <= went.to);
  }

  #during(meets: (came: Noted, went: Noted) => boolean): Under[] {
    const found = this.#held.filter(({ since }, i) => {
      const went = this.#held[i + 1]?.since ?? { from: Infinity, to: Infinity };
      return meets(since, went);
    });
    return [...new Set(found.map(({ under }) => under))];
  }
}

export function noted(act: () => void): Noted {
  const from = Date.now();
  act();
  return { from, to: Date.now() };
}

function underOf(files: ManifestFile[] | null): Under {
  return files && artifactIdOf(files);
}

function kindOf(from: Under, to: Under, heldBefore: ReadonlySet<Under>): ChangeKind {
  if (to === null) return 'vanished';
  if (heldBefore.size === 0) return 'first_seen';
  if (from === null) return 'reappeared';
  return heldBefore.has(to) ? 'returned' : 'moved';
}
