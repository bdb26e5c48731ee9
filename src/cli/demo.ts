/** `underlabel demo`: the whole story on a network that exists only here, then left running to look at. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, startNetwork } from '../sandbox/network.ts';
import { MissingFact } from '../sandbox/story/api.ts';
import { type Page, pageOn } from '../sandbox/story/page.ts';
import { LABEL } from '../sandbox/story/stage.ts';
import { tellStory } from '../sandbox/story.ts';
import { N_SHARDS } from '../walrus/encoder/encode.ts';
import type { WalrusSettings } from '../walrus-desk.ts';

export type StartService = (options: {
  dataFolder: string;
  port: 0;
  allowHosts: string[];
  walrus: WalrusSettings;
}) => Promise<{ url: string; close(): Promise<void> }>;

export interface DemoOptions {
  /** Ends after the story; else the service stays up until SIGINT or SIGTERM. */
  exit: boolean;
  /** An absolute path whose folder holds the data and stays; null: a temporary folder that goes. */
  keep: string | null;
  /** False: the hub never moves, so there is no change to find. */
  move: boolean;
  startService: StartService;
  /** Takes one line of at most 80 columns, without its end. */
  out: (line: string) => void;
}

/** @returns the exit code: 0 told; 1 a part of it did not come true, or was stopped; 2 nothing changed */
export async function runDemo(options: DemoOptions): Promise<number> {
  const page = pageOn(options.out);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  // Once: a second signal ends the process the hard way.
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await inDataFolder(options.keep, page, (dataFolder) =>
      withNetwork(async (network) => {
        const service = await options.startService({
          dataFolder,
          port: 0,
          ...settingsFor(network),
        });
        try {
          return await show(options, page, network, service.url, stop.signal);
        } finally {
          await service.close();
        }
      }),
    );
  } catch (error) {
    return ending(error, page, stop.signal);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Only what stands in may be asked, and all of it. */
function settingsFor({ hub, aggregator, sui }: Network) {
  const walrus: WalrusSettings = {
    network: 'custom',
    aggregators: [aggregator.url],
    shards: N_SHARDS,
    verify: 'always',
    expiryDays: [14, 2],
    chain: { suiUrl: sui.url, packageConfig: sui.packageConfig },
  };
  const allowHosts = [hub.url, aggregator.url, sui.url].map((url) => new URL(url).host);
  return { allowHosts, walrus };
}

async function show(
  { exit, move }: DemoOptions,
  page: Page,
  network: Network,
  serviceUrl: string,
  signal: AbortSignal,
): Promise<number> {
  page.heading('Underlabel: a demo');
  page.say(
    'Hub, Walrus, Sui and gateway are stand-ins that run in this process, on loopback; nothing leaves this machine. Time is compressed: "Tuesday" and "Thursday" are some seconds each. All else is real: the service, the Blob IDs, the model. Whatever is said of the label and its traces was read back from the service\'s API first. Times are UTC.',
  );
  page.fact('service', serviceUrl);
  page.fact('hub', network.hub.url);
  page.fact('Walrus', network.aggregator.url);
  page.fact('Sui', network.sui.url);
  page.fact('gateway', network.gateway.url);
  const changed = await tellStory({ serviceUrl, network, page, move, signal });
  if (!exit) {
    lookAround(page, serviceUrl);
    if (!signal.aborted) await once(signal, 'abort');
  }
  return changed ? 0 : 2;
}

function lookAround(page: Page, serviceUrl: string): void {
  const label = encodeURIComponent(LABEL);
  page.heading('Look around');
  page.fact('open', `${serviceUrl}/`);
  page.fact('the label', `${serviceUrl}/labels/${label}`);
  page.fact('its traces', `${serviceUrl}/traces?${new URLSearchParams({ q: `label:${LABEL}` })}`);
  page.fact('the diff', `${serviceUrl}/diffs`);
  page.fact('API', `${serviceUrl}/docs`);
  page.say('The label is still read every few seconds. Ctrl-C stops it all.');
}

async function withNetwork(use: (network: Network) => Promise<number>): Promise<number> {
  const network = await startNetwork();
  try {
    return await use(network);
  } finally {
    await network.close();
  }
}

async function inDataFolder(
  keep: string | null,
  page: Page,
  use: (folder: string) => Promise<number>,
): Promise<number> {
  if (keep === null) {
    const folder = await mkdtemp(join(tmpdir(), 'underlabel-demo-'));
    try {
      return await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  await mkdir(keep, { recursive: true });
  if ((await readdir(keep)).length > 0) {
    page.say(
      `${keep} is not empty. The demo did not start, so as not to mix its data with others; name a new or an empty folder.`,
    );
    return 1;
  }
  try {
    return await use(keep);
  } finally {
    page.say(`The data stays in ${keep}; the stand-in hub it was read from is gone.`);
  }
}

function ending(error: unknown, page: Page, signal: AbortSignal): number {
  if (signal.aborted) {
    page.say('Stopped before the end of the story.');
    return 1;
  }
  if (!(error instanceof MissingFact)) throw error;
  page.say(`The story ends here. ${error.message}`);
  page.say(
    'So this run shows nothing. Where the machine is very busy, run it again; with --keep the data stays to be looked at.',
  );
  return 1;
}
