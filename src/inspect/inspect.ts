/**
 * What is inside a file. Anyone may have written it, so it is read in a thread of its own, with
 * little memory and little time: what goes wrong in there costs that thread and nothing else.
 */
import type { Worker } from 'node:worker_threads';
import { workerBeside } from '../threads/worker-beside.ts';
import { type Format, formatByName } from './format.ts';
import type { InspectAnswer } from './inspect-worker.ts';
import type { Inspection } from './inspection.ts';
import { quoted } from './inspection-error.ts';
import { MEMORY_LIMIT_MB, TIME_LIMIT_MS } from './limits.ts';
import type { FileToInspect } from './read-file.ts';

export type InspectErrorCode = 'unreadable';

/** The file itself could not be read: nothing was learnt of its content. */
export class InspectError extends Error {
  override name = 'InspectError';
  readonly code: InspectErrorCode = 'unreadable';
}

type Options = FileToInspect & {
  signal?: AbortSignal;
  limits?: { timeoutMs?: number; memoryMb?: number };
};

/**
 * Starts a thread for each call (some 50 ms, up to about 250 MB for a hostile file), so ask for few
 * at a time.
 *
 * Of a safetensors file its first bytes are enough, as many as `headerEnd` says; of an ONNX file
 * all of them are needed, and with fewer it is `too-much`.
 * @param options.file where the file is here, whole or its first bytes; it must stay until the end
 * @param options.name its path in the artifact: the extension says what it is, or else its first bytes
 * @param options.size bytes of the whole file
 * @param options.limits others than the usual ones: in ms, and in MB of JavaScript's memory
 * @throws InspectError where the file can't be read here; never for what it holds
 * @throws the signal's reason, once it is aborted
 */
export async function inspectFile({
  signal,
  limits: { timeoutMs = TIME_LIMIT_MS, memoryMb = MEMORY_LIMIT_MB } = {},
  ...file
}: Options): Promise<Inspection> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Inspection>();
  const gaveUp = (why: string) => resolve(givenUp(formatByName(file.name), why));
  const onAbort = () => reject(signal?.reason);
  const worker = startWorker(file, memoryMb);
  const timer = setTimeout(gaveUp, timeoutMs, `it took longer than ${timeoutMs} ms`);
  worker.on('message', (answer: InspectAnswer) => {
    if ('inspection' in answer) resolve(answer.inspection);
    else reject(unreadable(file, answer.unreadable));
  });
  worker.on('error', (error) => gaveUp(reasonOf(error)));
  worker.on('messageerror', (error) => gaveUp(reasonOf(error)));
  worker.on('exit', () => gaveUp('its thread ended without an answer'));
  signal?.addEventListener('abort', onAbort);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

function startWorker({ file, name, size }: FileToInspect, memoryMb: number): Worker {
  return workerBeside(import.meta.url, 'inspect-worker', {
    workerData: { file, name, size },
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: 32,
      stackSizeMb: 2,
    },
  });
}

/** What looked like neither by its name stays unknown. */
function givenUp(format: Format | null, why: string): Inspection {
  return format ? { format, error: { code: 'gave-up', message: why } } : { format: 'unknown' };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it took more memory than it may';
  return `the reader failed: ${message}`;
}

function unreadable({ name }: FileToInspect, cause: Error): InspectError {
  return new InspectError(
    `The bytes of ${quoted(name)} could not be read here (${cause.message}), so nothing is known of its inside; try again.`,
    { cause },
  );
}
