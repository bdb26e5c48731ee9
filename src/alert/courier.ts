/**
 * Delivers to one channel, several at a time:
 *
 *   poke ─▶ take ─▶ send ─▶ settle
 *            ▲                │
 *            └────────────────┘
 *
 * The store gives out at most one delivery of a subject, so taking more than one at a time leaves
 * each subject's order as it is.
 */
import type { AttemptOutcome, ChannelTarget, DueDelivery } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../watch/clock.ts';
import { Allowance, type AllowanceLimits } from './allowance.ts';
import { type Channel, DeliveryError } from './channel.ts';
import { eventBody } from './cloud-event.ts';
import type { SendReport } from './report.ts';
import { retryDelay, slowDownPause } from './retry.ts';

export interface CourierMeans {
  store: Pick<Store, 'takeDeliveries' | 'settleDelivery'>;
  openChannel: (target: ChannelTarget) => Channel;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  report: SendReport;
  limits: SendLimits;
  /** Nothing more is due just now: somebody else must see to what is due later. */
  onDry: () => void;
}

/** For each channel. */
export interface SendLimits {
  /** Sends under way at a time. */
  inFlight: AllowanceLimits;
  /** For one send. */
  timeoutMs: number;
  /** Well over `timeoutMs`: who still holds a delivery is the only one who sends it. */
  leaseMs: number;
}

/** After the store failed. */
export const STORE_PAUSE_MS = 5000;
/** Long enough for the store to disable the channel. */
const GONE_PAUSE_MS = 60_000;

const STOPPING = new Error('the service is stopping');

export class Courier {
  readonly #name: string;
  readonly #means: CourierMeans;
  readonly #allowance: Allowance;
  readonly #underWay = new Set<Promise<void>>();
  readonly #sends = new Set<AbortController>();
  #stopped = false;
  #busy = 0;
  #taking = false;
  #mayBeDue = false;
  #opened: { key: string; channel: Channel } | null = null;
  #pause: { until: number; cancel: () => void } | null = null;
  /** It takes no more; the store disables it. */
  #isGone = false;
  /** Ends the naps of those who wait for the store. */
  readonly #wakeUps = new Set<() => void>();

  constructor(name: string, means: CourierMeans) {
    this.#name = name;
    this.#means = means;
    this.#allowance = new Allowance(means.limits.inFlight);
  }

  /** Something may be due. */
  poke(): void {
    this.#mayBeDue = true;
    if (this.#taking || this.#places <= 0) return;
    this.#taking = true;
    this.#track(this.#takeAll());
  }

  /** Forgets what the receiver asked for; it may be another one now. */
  refresh(): void {
    this.#pause?.cancel();
    this.#pause = null;
    this.#isGone = false;
    this.#allowance.reset();
    this.poke();
  }

  /** Nothing is under way, and nothing to be remembered. */
  get isIdle(): boolean {
    return this.#underWay.size === 0 && this.#allowance.slowDowns === 0 && !this.#pause;
  }

  /** Begins nothing more. Resolves once nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pause?.cancel();
    for (const wakeUp of this.#wakeUps) wakeUp();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Breaks off what is under way; it is due again at once. */
  abort(): void {
    for (const send of this.#sends) send.abort(STOPPING);
  }

  /** How many more may be sent now. */
  get #places(): number {
    if (this.#stopped || this.#pause) return 0;
    return this.#allowance.size - this.#busy;
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #takeAll(): Promise<void> {
    try {
      // Those that end together leave their places together: one take fills them all.
      await null;
      while (this.#mayBeDue && this.#places > 0) await this.#take(this.#places);
    } catch (error) {
      this.#means.report.storeFailed(error);
      this.#pauseFor(STORE_PAUSE_MS);
    } finally {
      this.#taking = false;
    }
  }

  async #take(limit: number): Promise<void> {
    const { store, clock, limits, onDry } = this.#means;
    this.#mayBeDue = false;
    const lease = { limit, leaseMs: limits.leaseMs, now: clock.now() };
    const leaseEndsAt = clock.elapsed() + limits.leaseMs;
    const taken = await store.takeDeliveries(this.#name, lease);
    for (const due of taken) {
      // The receiver may have asked for less meanwhile.
      const isWanted = this.#places > 0;
      this.#track(isWanted ? this.#deliver(due, leaseEndsAt) : this.#release(due, leaseEndsAt));
    }
    if (taken.length === limit) this.#mayBeDue = true;
    else onDry();
  }

  async #deliver(due: DueDelivery, leaseEndsAt: number): Promise<void> {
    const { clock, report } = this.#means;
    this.#busy++;
    const [era, beganAt] = [this.#allowance.era, clock.elapsed()];
    const error = await this.#send(due);
    const outcome = this.#outcome(due, error);
    const tookMs = clock.elapsed() - beganAt;
    // The wall clock may have been set back.
    const sinceRecordedMs = Math.max(clock.now() - due.event.recordedAt, 0);
    this.#learn(error, era, tookMs);
    const settled = this.#settle(due, outcome, leaseEndsAt);
    // Asked for in the same turn as the settling, so that both can share a commit.
    this.#busy--;
    this.poke();
    await settled;
    const { id, type, subject } = due.event;
    report.attempted({
      channel: this.#name,
      kind: due.channel.target.kind,
      deliveryId: due.id,
      event: { id, type, subject },
      outcome: outcome.kind,
      error: 'error' in outcome ? outcome.error : null,
      tookMs,
      sinceRecordedMs,
    });
  }

  async #release(due: DueDelivery, leaseEndsAt: number): Promise<void> {
    await this.#settle(due, { kind: 'released' }, leaseEndsAt);
    this.poke();
  }

  /** @returns why it was not delivered: a DeliveryError, or STOPPING; null where it was */
  async #send({ event, channel }: DueDelivery): Promise<Error | null> {
    const { clock, limits } = this.#means;
    const abort = new AbortController();
    this.#sends.add(abort);
    const cancel = clock.after(limits.timeoutMs, () => abort.abort(timedOut(limits.timeoutMs)));
    try {
      const { id } = event;
      const { secrets, target } = channel;
      const message = { id, sentAt: clock.now(), body: eventBody(event), secrets };
      await unlessAborted(this.#open(target).send(message, abort.signal), abort.signal);
      return null;
    } catch (error) {
      if (error === STOPPING) return STOPPING;
      return error instanceof DeliveryError ? error : unforeseen(error);
    } finally {
      cancel();
      this.#sends.delete(abort);
    }
  }

  #open(target: ChannelTarget): Channel {
    const key = JSON.stringify(target);
    if (this.#opened?.key !== key) {
      this.#opened = { key, channel: this.#means.openChannel(target) };
    }
    return this.#opened.channel;
  }

  #outcome({ attempts }: DueDelivery, failure: Error | null): AttemptOutcome {
    if (failure === null) return { kind: 'delivered' };
    if (!(failure instanceof DeliveryError)) return { kind: 'released' };
    const error = { code: failure.reason, message: failure.message };
    if (failure.code === 'gone') {
      // Said once. What else was on its way waits with the rest until the channel is put again.
      if (this.#isGone) return { kind: 'released' };
      this.#isGone = true;
      return { kind: 'gone', error };
    }
    const delay = retryDelay(attempts + 1, failure.retryAfterMs, this.#means.random());
    if (delay === null) return { kind: 'dead', error };
    return { kind: 'retry', at: this.#means.clock.now() + delay, error };
  }

  /** @param failure null: it was delivered */
  #learn(failure: Error | null, era: number, tookMs: number): void {
    if (failure === null) this.#allowance.delivered(era, tookMs);
    if (!(failure instanceof DeliveryError)) return;
    const { code, reason, retryAfterMs } = failure;
    if (reason === 'timeout') this.#allowance.timedOut(era);
    if (code === 'gone') this.#pauseFor(GONE_PAUSE_MS);
    if (code !== 'slow-down' && retryAfterMs === null) return;
    this.#allowance.slowedDown(era);
    const { random } = this.#means;
    this.#pauseFor(slowDownPause(this.#allowance.slowDowns, retryAfterMs, random()));
  }

  #pauseFor(ms: number): void {
    const { clock } = this.#means;
    const until = clock.elapsed() + ms;
    if (this.#stopped || (this.#pause && this.#pause.until >= until)) return;
    this.#pause?.cancel();
    const cancel = clock.after(ms, () => {
      this.#pause = null;
      this.#isGone = false;
      this.poke();
    });
    this.#pause = { until, cancel };
  }

  /** Until the store takes it, or the lease ends and the delivery is anybody's. */
  async #settle(due: DueDelivery, outcome: AttemptOutcome, leaseEndsAt: number): Promise<void> {
    const { store, clock, report } = this.#means;
    let isHeld = false;
    for (;;) {
      try {
        await store.settleDelivery(due.id, outcome, clock.now());
        break;
      } catch (error) {
        report.storeFailed(error);
      }
      if (this.#stopped || clock.elapsed() + STORE_PAUSE_MS >= leaseEndsAt) break;
      // It keeps its place: what can't be settled must not pile up.
      if (!isHeld) this.#busy++;
      isHeld = true;
      await this.#nap(STORE_PAUSE_MS);
    }
    if (isHeld) this.#busy--;
  }

  /** Shorter where it stops. */
  async #nap(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#means.clock.after(ms, resolve);
    this.#wakeUps.add(resolve);
    await promise;
    this.#wakeUps.delete(resolve);
    cancel();
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function timedOut(timeoutMs: number): DeliveryError {
  const text = `no answer came within ${timeoutMs / 1000} s. Let the receiver answer first and work later.`;
  return new DeliveryError('failed', 'timeout', text);
}

/** Its own words may hold anything, an address too. */
function unforeseen(error: unknown): DeliveryError {
  const name = error instanceof Error ? error.name : typeof error;
  return new DeliveryError(
    'failed',
    'internal',
    `the delivery failed inside Underlabel (${name}).`,
  );
}
