/** The labels that are kept up to date: those asked for lately, and no more than so many. */
import { ClientError } from './client-error.ts';
import { LABEL_NAME } from './fields.ts';
import { FollowedLabel, type FollowMeans } from './followed-label.ts';

/** A label that nobody asked for in this time is let go, unless it was named to be followed. */
const IDLE_MS = 15 * 60_000;
/** Where there is no room, one that nobody asked for in this time makes some. So names made up by others can't drive the rest out. */
const REPLACEABLE_MS = 5 * 60_000;

export class FollowedLabels {
  readonly #labels = new Map<string, FollowedLabel>();
  readonly #named = new Set<string>();
  readonly #most: number;
  readonly #means: FollowMeans;

  constructor(most: number, means: FollowMeans) {
    this.#most = most;
    this.#means = means;
  }

  /** Keeps it up to date from now on, asked for or not. @throws ClientError bad-request, too-many-labels */
  follow(name: unknown): void {
    const label = this.get(name);
    this.#named.add(label.name);
  }

  /** The label, followed as long as it is asked for. @throws ClientError bad-request, too-many-labels */
  get(name: unknown): FollowedLabel {
    const known = typeof name === 'string' ? this.#labels.get(name) : undefined;
    const label = known ?? this.#begin(name);
    label.wanted();
    return label;
  }

  close(): void {
    for (const label of this.#labels.values()) label.close();
    this.#labels.clear();
  }

  #begin(name: unknown): FollowedLabel {
    if (typeof name !== 'string' || !LABEL_NAME.test(name)) {
      const message =
        'a label is 1–200 of A-Z a-z 0-9 . _ - / @ : and begins with a letter or digit; nothing is known of any other';
      throw new ClientError('bad-request', message);
    }
    if (this.#labels.size >= this.#most) this.#makeRoom();
    const label = new FollowedLabel(name, this.#means, (one) => this.#letGoIdle(one));
    this.#labels.set(name, label);
    return label;
  }

  #makeRoom(): void {
    let oldest: FollowedLabel | null = null;
    for (const label of this.#labels.values()) {
      if (this.#named.has(label.name)) continue;
      if (!oldest || label.lastAskedAt < oldest.lastAskedAt) oldest = label;
    }
    if (oldest && this.#unaskedMs(oldest) > REPLACEABLE_MS) {
      this.#letGo(oldest);
      return;
    }
    const message = `${this.#most} labels are followed already, so nothing is known of another; raise maxLabels, or look where the names come from`;
    throw new ClientError('too-many-labels', message);
  }

  #letGoIdle(label: FollowedLabel): boolean {
    const isIdle = !this.#named.has(label.name) && this.#unaskedMs(label) > IDLE_MS;
    if (isIdle) this.#letGo(label);
    return isIdle;
  }

  #letGo(label: FollowedLabel): void {
    label.close();
    this.#labels.delete(label.name);
  }

  #unaskedMs(label: FollowedLabel): number {
    return this.#means.clock.elapsed() - label.lastAskedAt;
  }
}
