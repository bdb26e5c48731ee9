/**
 * Sends what the store's outbox holds, each channel by a courier of its own: a dead, slow or hanging
 * one delays no other. Looks for what is due after each commit with events, and when it becomes due.
 */
import type { ChannelTarget } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../watch/clock.ts';
import type { Channel } from './channel.ts';
import { Courier, type CourierMeans, type SendLimits, STORE_PAUSE_MS } from './courier.ts';
import type { Attempt, SendReport } from './report.ts';

export interface SenderMeans {
  store: Pick<Store, 'onEvents' | 'dueChannels' | 'takeDeliveries' | 'settleDelivery' | 'delivery'>;
  openChannel: (target: ChannelTarget) => Channel;
  clock: Clock;
  report: SendReport;
  limits?: Partial<SendLimits>;
  random?: () => number;
}

const LIMITS: SendLimits = {
  inFlight: { first: 16, most: 64 },
  timeoutMs: 20_000,
  leaseMs: 60_000,
};
/** How long sends may take to end once it stops. */
const GRACE_MS = 3000;
/** What became due just after its courier found nothing is found this much later: a store that contradicts itself keeps nobody busy. */
const FOUND_LATE_MS = 50;
/** The wall clock may be set, and other processes may record events. */
const LONGEST_NAP_MS = 60_000;

export class Sender {
  readonly #means: SenderMeans;
  readonly #courierMeans: CourierMeans;
  readonly #couriers = new Map<string, Courier>();
  readonly #waiting = new Map<number, Set<() => void>>();
  #stopped = false;
  #unsubscribe = () => {};
  #cancelNap = () => {};
  #looking = false;
  #lookAgain = false;
  #poke = false;

  constructor(means: SenderMeans) {
    this.#means = means;
    const { store, openChannel, clock, report, random = Math.random } = means;
    this.#courierMeans = {
      store,
      openChannel,
      clock,
      random,
      limits: { ...LIMITS, ...means.limits },
      report: {
        attempted: (attempt) => this.#attempted(attempt),
        storeFailed: (error) => report.storeFailed(error),
      },
      onDry: () => this.#look(false),
    };
  }

  start(): void {
    this.#unsubscribe = this.#means.store.onEvents(() => this.#look(true));
    this.#look(true);
  }

  /**
   * Looks for what is due: to be called after what makes something due without an event.
   * @param channel one whose settings changed or that is to be tried at once: what it asked for before
   * (`Retry-After`) holds no longer
   */
  wake(channel?: string): void {
    if (channel !== undefined) this.#couriers.get(channel)?.refresh();
    this.#look(true);
  }

  /** Resolves once this delivery was attempted since it was made or redelivered; at the latest after `timeoutMs`. */
  async attempted(deliveryId: number, timeoutMs: number): Promise<void> {
    if (this.#stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(deliveryId) ?? new Set();
    this.#waiting.set(deliveryId, waiting.add(resolve));
    const cancel = this.#means.clock.after(timeoutMs, resolve);
    try {
      // It may be over before anybody asked.
      const delivery = await this.#means.store.delivery(deliveryId);
      const isOpen = delivery !== null && delivery.attempts === 0 && delivery.settledAt === null;
      if (isOpen) await promise;
    } finally {
      cancel();
      waiting.delete(resolve);
      if (waiting.size === 0) this.#waiting.delete(deliveryId);
    }
  }

  /** Sends nothing more. What is under way may end, but not for long; what didn't is due again at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelNap();
    for (const waiting of this.#waiting.values()) for (const heard of waiting) heard();
    const couriers = [...this.#couriers.values()];
    const cancel = this.#means.clock.after(GRACE_MS, () => {
      for (const courier of couriers) courier.abort();
    });
    await Promise.all(couriers.map((courier) => courier.stop()));
    cancel();
  }

  #attempted(attempt: Attempt): void {
    for (const heard of this.#waiting.get(attempt.deliveryId) ?? []) heard();
    this.#means.report.attempted(attempt);
  }

  /** One look at a time; those asked for meanwhile become one more. @param poke couriers of what is due now */
  #look(poke: boolean): void {
    this.#poke ||= poke;
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#lookAll();
  }

  async #lookAll(): Promise<void> {
    while (this.#lookAgain && !this.#stopped) {
      this.#lookAgain = false;
      const poke = this.#poke;
      this.#poke = false;
      const napMs = await this.#lookOnce(poke);
      this.#cancelNap();
      if (!this.#stopped) {
        this.#cancelNap = this.#means.clock.after(napMs, () => this.#look(true));
      }
    }
    this.#looking = false;
  }

  /** @returns ms until something else is due */
  async #lookOnce(poke: boolean): Promise<number> {
    const { store, clock, report } = this.#means;
    try {
      const channels = await store.dueChannels();
      // After a stop nobody would end what begins here.
      if (this.#stopped) return LONGEST_NAP_MS;
      const now = clock.now();
      let napMs = LONGEST_NAP_MS;
      for (const { channel, dueAt } of channels) {
        if (dueAt > now) napMs = Math.min(napMs, dueAt - now);
        else if (poke) this.#courier(channel).poke();
        else napMs = Math.min(napMs, FOUND_LATE_MS);
      }
      this.#forgetIdle(new Set(channels.map(({ channel }) => channel)));
      return napMs;
    } catch (error) {
      report.storeFailed(error);
      return STORE_PAUSE_MS;
    }
  }

  #courier(channel: string): Courier {
    const courier = this.#couriers.get(channel) ?? new Courier(channel, this.#courierMeans);
    this.#couriers.set(channel, courier);
    return courier;
  }

  /** Channels come and go. */
  #forgetIdle(due: Set<string>): void {
    for (const [channel, courier] of this.#couriers) {
      if (!due.has(channel) && courier.isIdle) this.#couriers.delete(channel);
    }
  }
}
