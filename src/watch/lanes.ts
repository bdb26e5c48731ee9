/**
 * Who reads when: never more reads at a time than one host, or all of them together, may have.
 * A host that hangs fills its own lane and delays nobody else, as long as there is room overall;
 * without room, hosts take turns. Within a host, first come, first served.
 *
 * An urgent read goes before the others, and each limit keeps room that only urgent ones may take,
 * so that it isn't stuck behind slow ones. It overtakes others so often only, so that they come
 * to their turn however many urgent ones there are.
 */
import { Line, type Spot } from './line.ts';

export interface Limits {
  /** Reads of one host at a time. One of them is kept for urgent ones, unless there is only one. */
  perHost: number;
  /** Reads at a time. One in 16 is kept for urgent ones. */
  overall: number;
}

export const USUAL_LIMITS: Limits = { perHost: 64, overall: 256 };

/** In a host's lane, nobody is overtaken by those who came so much later. */
const FARTHEST_OVERTAKING = 100_000;
/** Among hosts, so many urgent reads begin before another that could begin too. */
const URGENT_IN_A_ROW = 8;

/** One read: it waits, has its turn, and ends. */
export class Turn {
  readonly host: string;
  /** Called once, when there is room. */
  readonly begin: () => void;
  urgent: boolean;
  state: 'new' | 'waiting' | 'begun' | 'ended' = 'new';
  /** In order of coming; set by the lanes, as is the spot. */
  number = 0;
  spot: Spot<Turn> | null = null;

  constructor(host: string, urgent: boolean, begin: () => void) {
    this.host = host;
    this.urgent = urgent;
    this.begin = begin;
  }
}

class Lane {
  readonly host: string;
  readonly urgent = new Line<Turn>();
  readonly others = new Line<Turn>();
  inFlight = 0;
  othersInFlight = 0;
  /** Where it stands among the hosts that have a read to begin. */
  ring: Line<Lane> | null = null;
  spot: Spot<Lane> | null = null;

  constructor(host: string) {
    this.host = host;
  }
}

export class Lanes {
  readonly #limits: Limits;
  readonly #othersPerHost: number;
  readonly #othersOverall: number;
  readonly #lanes = new Map<string, Lane>();
  /** Hosts whose next read is urgent, and those whose next one isn't; full hosts are in neither. */
  readonly #urgentHosts = new Line<Lane>();
  readonly #otherHosts = new Line<Lane>();
  #joined = 0;
  #urgentInARow = 0;
  #waiting = 0;
  #inFlight = 0;
  #othersInFlight = 0;

  constructor(limits: Limits) {
    const { perHost, overall } = limits;
    this.#limits = limits;
    this.#othersPerHost = Math.max(1, perHost - 1);
    this.#othersOverall = Math.max(1, overall - Math.ceil(overall / 16));
  }

  get waiting(): number {
    return this.#waiting;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** It begins as soon as there is room: before this returns, where there is. */
  join(turn: Turn): void {
    turn.state = 'waiting';
    this.#waiting++;
    this.#lineUp(turn);
    this.#serve();
  }

  /** From now on it is urgent; without effect on one that has begun. */
  promote(turn: Turn): void {
    if (turn.urgent || turn.state !== 'waiting') return;
    this.#lane(turn.host).others.leave(turn.spot!);
    turn.urgent = true;
    this.#lineUp(turn);
    this.#serve();
  }

  /** It is over, or never begins: it leaves at once. */
  end(turn: Turn): void {
    const lane = this.#lane(turn.host);
    if (turn.state === 'waiting') this.#leave(lane, turn);
    else if (turn.state === 'begun') this.#count(lane, turn, -1);
    turn.state = 'ended';
    this.#place(lane);
    this.#serve();
  }

  #lane(host: string): Lane {
    const known = this.#lanes.get(host);
    if (known) return known;
    const lane = new Lane(host);
    this.#lanes.set(host, lane);
    return lane;
  }

  #lineUp(turn: Turn): void {
    const lane = this.#lane(turn.host);
    turn.number = ++this.#joined;
    turn.spot = (turn.urgent ? lane.urgent : lane.others).join(turn);
    this.#place(lane);
  }

  #leave(lane: Lane, turn: Turn): void {
    (turn.urgent ? lane.urgent : lane.others).leave(turn.spot!);
    turn.spot = null;
    this.#waiting--;
  }

  #count(lane: Lane, { urgent }: Turn, by: 1 | -1): void {
    lane.inFlight += by;
    this.#inFlight += by;
    if (urgent) return;
    lane.othersInFlight += by;
    this.#othersInFlight += by;
  }

  /** The read of a host that begins next, or null where none can. */
  #next({ urgent, others, inFlight, othersInFlight }: Lane): Turn | null {
    if (inFlight >= this.#limits.perHost) return null;
    const other = othersInFlight < this.#othersPerHost ? others.first : null;
    const { first } = urgent;
    return first && (!other || first.number < other.number + FARTHEST_OVERTAKING) ? first : other;
  }

  /** Puts a host where it belongs, at the end where it wasn't there; forgets one with nothing to do. */
  #place(lane: Lane): void {
    const next = this.#next(lane);
    const ring = next && (next.urgent ? this.#urgentHosts : this.#otherHosts);
    if (ring !== lane.ring) {
      lane.ring?.leave(lane.spot!);
      lane.ring = ring;
      lane.spot = ring?.join(lane) ?? null;
    }
    const idle = lane.inFlight + lane.urgent.size + lane.others.size === 0;
    if (idle) this.#lanes.delete(lane.host);
  }

  /** Begins all that there is room for. */
  #serve(): void {
    for (let lane = this.#hostToServe(); lane; lane = this.#hostToServe()) {
      const turn = this.#next(lane)!;
      this.#leave(lane, turn);
      this.#count(lane, turn, 1);
      turn.state = 'begun';
      // To the end of the ring: it is the others' turn now.
      lane.ring?.leave(lane.spot!);
      lane.ring = lane.spot = null;
      this.#place(lane);
      turn.begin();
    }
  }

  #hostToServe(): Lane | null {
    if (this.#inFlight >= this.#limits.overall) return null;
    const urgent = this.#urgentHosts.first;
    const other = this.#othersInFlight < this.#othersOverall ? this.#otherHosts.first : null;
    const urgentFirst = urgent && (!other || this.#urgentInARow < URGENT_IN_A_ROW);
    this.#urgentInARow = urgentFirst && other ? this.#urgentInARow + 1 : 0;
    return urgentFirst ? urgent : other;
  }
}
