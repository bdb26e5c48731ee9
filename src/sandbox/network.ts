/** The whole stand-in network: a hub, Walrus and Sui, and a gateway that runs what they hold. All on loopback. */
import { type Aggregator, startAggregator } from './aggregator.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { type Hub, startHub } from './hub.ts';
import { type Sui, startSui } from './sui.ts';

export interface Network {
  hub: Hub;
  aggregator: Aggregator;
  /** A full node, and Walrus's storage nodes. */
  sui: Sui;
  gateway: Gateway;
  close(): Promise<void>;
}

/** @param options.author of every model on the hub; `og` by default */
export async function startNetwork(options: { author?: string } = {}): Promise<Network> {
  const [hub, aggregator, sui] = await Promise.all([
    startHub(options),
    startAggregator(),
    startSui(),
  ]);
  const gateway = await startGateway({ hubUrl: hub.url, aggregatorUrl: aggregator.url });
  return {
    hub,
    aggregator,
    sui,
    gateway,
    async close() {
      await Promise.all([gateway.close(), hub.close(), aggregator.close(), sui.close()]);
    },
  };
}
