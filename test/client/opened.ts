/** A client whose time a test holds, of a service that answers on loopback. */
import { onTestFinished } from 'vitest';
import { type ClientOptions, createClientWith } from '../../src/client/client.ts';
import type { ClientError } from '../../src/client/client-error.ts';
import type { UnderlabelClient } from '../../src/client/index.ts';
import { FakeClock } from '../watch/fake-clock.ts';
import { readEvery, type StandIn, standIn } from './stand-in.ts';

export const START = Date.parse('2026-11-17T10:00:00Z');
export const MINUTE = 60_000;
export const LABEL = 'og/eth-volatility';

/** A service that read its label until START, and a client whose time the test holds. */
export async function opened(options: Partial<ClientOptions> = {}) {
  const clock = new FakeClock(START + 1000);
  const service = await standIn({ [LABEL]: { readings: readEvery(30_000, START, () => 'A') } });
  service.now = clock.now;
  const errors: ClientError[] = [];
  const onError = (error: ClientError) => errors.push(error);
  const url = service.url;
  const client = createClientWith({ url, onError, ...options }, { clock, random: () => 0.5 });
  onTestFinished(() => client.close());
  return { clock, service, client, errors };
}

export const now = (client: UnderlabelClient) => client.tag({ label: LABEL });
export const readAgain = ({ labels }: StandIn, at: number, artifact = 'A') => {
  const { readings } = labels.get(LABEL)!;
  const instants = { requestedAt: at - 10, receivedAt: at, recordedAt: at };
  labels.set(LABEL, {
    readings: [...readings, { id: `r${at}`, ...instants, artifactId: artifact }],
  });
};
