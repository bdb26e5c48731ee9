/** Transfers through the gateway, each told to the service as one trace. */
import { z } from 'zod';
import type { IngestAnswer, TraceJson } from '../../contract/trace.ts';
import type { BlobId } from '../../lineage/manifest.ts';
import { BLOB_HEADER } from '../gateway.ts';
import { MODEL, type Transfer } from '../model.ts';
import { expectFact } from './api.ts';
import { LABEL, now, type Stage } from './stage.ts';

const gatewayAnswer = z.object({ decision: z.string(), score: z.number() });

export interface Inference {
  startedAt: string;
  endedAt: string;
  input: Transfer;
  output: z.output<typeof gatewayAnswer>;
  /** The blob that the gateway says it ran. */
  ranBlob: BlobId;
}

/** A day's traffic. `to` is exclusive. */
export interface Day {
  from: string;
  to: string;
  inferences: readonly Inference[];
}

/** One after the other. */
export async function infer(stage: Stage, inputs: readonly Transfer[]): Promise<Inference[]> {
  const inferences: Inference[] = [];
  for (const input of inputs) {
    const startedAt = now();
    const response = await fetch(`${stage.network.gateway.url}/v1/infer`, {
      method: 'POST',
      body: JSON.stringify({ model: MODEL, input }),
      signal: stage.signal,
    });
    const output = gatewayAnswer.parse(await response.json());
    const ranBlob = response.headers.get(BLOB_HEADER)!;
    inferences.push({ startedAt, endedAt: now(), input, output, ranBlob });
  }
  return inferences;
}

/** Tells the service of inferences, naming no blob. @returns the ids of their traces, in order */
export function report(stage: Stage, inferences: readonly Inference[]): Promise<string[]> {
  return send(
    stage,
    inferences.map(({ ranBlob: _, ...inference }) => inference),
  );
}

/** Tells of one inference, and declares the blob that the gateway says it ran. */
export async function reportDeclared(stage: Stage, inference: Inference): Promise<string> {
  const { ranBlob: blobId, ...told } = inference;
  return (await send(stage, [{ ...told, blobId }]))[0]!;
}

async function send(
  { api }: Stage,
  inferences: readonly (Omit<Inference, 'ranBlob'> & { blobId?: BlobId })[],
): Promise<string[]> {
  const traces = inferences.map((inference) => {
    return { ...inference, label: LABEL, decision: inference.output.decision };
  });
  const answer = await api.send<IngestAnswer>('POST', '/traces', { traces });
  expectFact('every trace is accepted', answer.accepted === traces.length, answer);
  return answer.ids;
}

/** @param asOf leaves out what was recorded later; without it, as things stand now */
export function traceOf({ api }: Stage, id: string, asOf?: string): Promise<TraceJson> {
  return api.get(`/traces/${encodeURIComponent(id)}`, asOf === undefined ? undefined : { asOf });
}
