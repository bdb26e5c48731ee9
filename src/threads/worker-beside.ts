/** Threads, each with a file of its own beside the module that starts it. */
import { extname } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a file that is as its starter is: source, or compiled.
 * @param module the starter's `import.meta.url`
 * @param name of the file, without its extension
 */
export function workerBeside(module: string, name: string, options: WorkerOptions = {}): Worker {
  const file = `./${name}${extname(new URL(module).pathname)}`;
  // The process's own flags (`--input-type`, `--inspect-brk` …) are not for its workers.
  return new Worker(new URL(file, module), { execArgv: [], ...options });
}

/**
 * For a thread that may be ended or die at any time.
 * @param failed called at once where it can't be gone on with: the thread is to be ended then
 * @param gone called once, after it ended, with what it failed of or an error that says that nothing is known
 */
export function whenGone(worker: Worker, failed: () => void, gone: (cause: unknown) => void): void {
  let cause: unknown = new Error('its thread ended without an answer');
  const onError = (error: unknown) => {
    cause = error;
    failed();
  };
  worker.on('error', onError);
  worker.on('messageerror', onError);
  worker.on('exit', () => gone(cause));
}
