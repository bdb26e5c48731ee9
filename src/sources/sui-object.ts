/**
 * A label kept on Sui: an object there says what is under it. A Walrus blob's object names its blob;
 * any other object, whose type is told beforehand, holds Blob IDs in one of its own fields or in a
 * dynamic one. An object, dynamic field or attribute that isn't there is "absent".
 */
import { setTimeout } from 'node:timers/promises';
import type { SourceSpec } from '../contract/label.ts';
import { attributesId } from '../walrus/chain/move-layout.ts';
import type { Means } from './means.ts';
import { type Source, type SourceAnswer, SourceError } from './source.ts';
import { fieldId } from './sui-field.ts';
import type { SuiReader } from './sui-reader.ts';
import { SuiReading } from './sui-reading.ts';
import { Under } from './sui-under.ts';
import { SuiVersions } from './sui-versions.ts';

/** It takes no longer for a full node to catch up; one that stays behind says nothing about now. */
const LONGEST_WAIT_MS = 5000;
const MOST_WAITS = 2;
const BETWEEN_CHECKPOINTS_MS = 250;

type SuiSpec = Extract<SourceSpec, { kind: 'sui-object' }>;

export function suiObject(spec: SuiSpec, { sui, lastReadings }: Means): Source {
  const owner = {};
  const versions = new SuiVersions();
  const withBcs = spec.field === undefined && !spec.dynamicField;
  // The second object that is read, as far as it is known beforehand: both are asked for at once.
  let second = secondOf(spec);
  return {
    host: sui?.host ?? 'sui:',
    async read(signal) {
      signal.throwIfAborted();
      const network = onNetwork(spec, sui);
      for (let waits = 0; ; waits++) {
        const answer = await readOnce(network, signal);
        const early = answer.seenSince === null ? 0 : versions.seenTooEarlyBy(answer.seenSince);
        if (early <= 0 || early > LONGEST_WAIT_MS || waits === MOST_WAITS) {
          versions.answered(network.now());
          return answer;
        }
        // A full node is a moment behind: soon after the last reading, what it says is of before that one.
        await setTimeout(early + BETWEEN_CHECKPOINTS_MS, undefined, { signal });
      }
    },
  };

  async function readOnce(network: SuiReader, signal: AbortSignal): Promise<SourceAnswer> {
    const reading = new SuiReading({
      sui: network,
      versions,
      lastReadings,
      owner,
      withBcs,
      signal,
    });
    await reading.ask(second === null ? [spec.object] : [spec.object, second]);
    const same = reading.unchanged();
    if (same) return same;
    const under = new Under(spec, network, reading, signal);
    const files = await under.files();
    second = under.second ?? second;
    return reading.answer(files);
  }
}

function secondOf({ object, dynamicField, attribute }: SuiSpec): string | null {
  if (attribute !== undefined) return attributesId(object);
  return dynamicField && dynamicField.in === undefined ? fieldId(object, dynamicField) : null;
}

/** @throws SourceError `no-network`, `wrong-chain` */
function onNetwork({ network }: SuiSpec, sui: SuiReader | null): SuiReader {
  const follows = 'so this reading says nothing about the label';
  if (sui === null) {
    throw new SourceError(
      'no-network',
      `this service reads no chain; ${follows}. Start it with UNDERLABEL_WALRUS, which names one.`,
    );
  }
  if (network === undefined || network === sui.network) return sui;
  throw new SourceError(
    'wrong-chain',
    `the label is of ${network}, and this service reads ${sui.network}; ${follows}. Read it with a service that has UNDERLABEL_WALRUS for ${network}, or make a label of ${sui.network}.`,
  );
}
