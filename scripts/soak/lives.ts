/** The service's lives, one after the other, on one data folder. */
import { databaseFault, durabilityFault } from './database.ts';
import type { Findings } from './findings.ts';
import { type Death, type Moments, untilDeath } from './moments.ts';
import { ServiceProcess } from './service-process.ts';
import type { Standing } from './standing.ts';

/** Looking at the database takes the longer the larger it is. */
const LOOK_EVERY = 10;

interface Means {
  folder: string;
  allowHosts: readonly string[];
  standing: Standing;
  moments: Moments;
  findings: Findings;
}

export class Lives {
  starts = 0;
  kills = 0;
  /** Lives that were ended before the service was ready. */
  unready = 0;
  /** Starts whose live writer was asked how it commits; kills after which the database was looked at. */
  writersAsked = 0;
  databasesChecked = 0;
  /** How long each start took that came to its end, ms. */
  readonly startsMs: number[] = [];
  readonly #means: Means;
  #service: ServiceProcess | null = null;

  constructor(means: Means) {
    this.#means = means;
  }

  /** How long a start takes just now, ms. */
  get startMs(): number {
    return median(this.startsMs.slice(-9));
  }

  /** Resolves once the service is ready. @throws Error where it isn't */
  async begin(): Promise<void> {
    await this.#start().ready;
  }

  /** A whole life: it begins, and is ended at its hour. */
  async live(death: Death): Promise<void> {
    const service = this.#start();
    await untilDeath(death, service.ready, this.#means.moments, service.gone);
    await this.kill(death.amid === 'stop' ? death.afterMs : null);
  }

  /** @param stopMs how long it may take to stop before; null: it isn't asked to */
  async kill(stopMs: number | null = null): Promise<void> {
    const service = this.#service!;
    const wasUp = this.#end();
    this.#note(await service.kill(stopMs));
    this.kills++;
    if (!wasUp) this.unready++;
    if (this.kills % LOOK_EVERY !== 0) return;
    this.#note(databaseFault(this.#means.folder));
    this.databasesChecked++;
  }

  /** The last life ends as a person would end it. */
  async stop(): Promise<void> {
    const service = this.#service;
    this.#end();
    if (service) this.#note(await service.stop());
  }

  #start(): ServiceProcess {
    const { folder, allowHosts, standing } = this.#means;
    const beganAt = performance.now();
    const service = new ServiceProcess(folder, allowHosts);
    this.#service = service;
    this.starts++;
    service.ready.then(
      (url) => {
        // Its last words may come after its end.
        if (this.#service !== service) return;
        this.startsMs.push(performance.now() - beganAt);
        standing.up(url);
        void this.#askWriter(service, url);
      },
      () => {},
    );
    return service;
  }

  /** @returns whether it was up */
  #end(): boolean {
    const { standing } = this.#means;
    const wasUp = standing.url !== null;
    this.#service = null;
    standing.down();
    return wasUp;
  }

  async #askWriter(service: ServiceProcess, url: string): Promise<void> {
    try {
      this.#note(await durabilityFault(url));
      this.writersAsked++;
    } catch (error) {
      if (this.#service === service) this.#note(`/metrics did not answer: ${error}`);
    }
  }

  #note(fault: string | null): void {
    if (fault) this.#means.findings.note(`life ${this.starts}: ${fault}`);
  }
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
