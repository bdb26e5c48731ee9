/** Who sent wrong keys lately: a key can't be guessed, but trying costs. */
import ipaddr from 'ipaddr.js';

/** Wrong keys in a minute, of one sender: nobody shuts the door on the others. */
const MOST_WRONG = 30;
const WINDOW_MS = 60_000;
/** Past it the one that was not heard of for longest is forgotten. */
const MOST_SENDERS = 10_000;

export class WrongKeys {
  /** When each sender's came, ms; the sender heard of last comes last. */
  readonly #times = new Map<string, number[]>();

  /** @param at ms on a clock that never goes back */
  areTooMany(sender: string, at: number): boolean {
    const times = this.#times.get(sender);
    if (!times) return false;
    const recent = times.filter((time) => at - time < WINDOW_MS);
    this.#keep(sender, recent);
    return recent.length >= MOST_WRONG;
  }

  add(sender: string, at: number): void {
    this.#keep(sender, [...(this.#times.get(sender) ?? []), at]);
  }

  #keep(sender: string, times: number[]): void {
    this.#times.delete(sender);
    if (times.length === 0) return;
    this.#times.set(sender, times);
    if (this.#times.size > MOST_SENDERS) this.#times.delete(this.#times.keys().next().value!);
  }
}

/**
 * Whom an address stands for: with IPv6 everybody has 2⁶⁴ of them.
 * @param address of a connection; one that is gone has none
 */
export function senderAt(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const ip = ipaddr.process(address);
  if (ip instanceof ipaddr.IPv4) return ip.toString();
  return `${new ipaddr.IPv6([...ip.parts.slice(0, 4), 0, 0, 0, 0])}/64`;
}
