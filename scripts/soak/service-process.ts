/** One life of the built service. Only this child is ever ended, by its own handle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const BIN = join(import.meta.dirname, '../../dist/bin.js');
const READY = /^underlabel ready at (http:\/\/\S+)\n/;
const LONGEST_START_MS = 60_000;
const LONGEST_STOP_MS = 15_000;
const MOST_LOG = 8000;

export class ServiceProcess {
  /** Where it is; rejects where it ends before it is ready, or takes too long. */
  readonly ready: Promise<string>;
  /** Aborts when the process is gone. */
  readonly gone: AbortSignal;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #log = '';
  #isKilled = false;

  /** @param allowHosts what it may fetch, though it is on this machine */
  constructor(dataFolder: string, allowHosts: readonly string[]) {
    const args = [BIN, 'serve', '--port', '0', '--data', dataFolder];
    this.#child = spawn(process.execPath, args, {
      cwd: dataFolder,
      env: environment(allowHosts),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-MOST_LOG);
    });
    const gone = new AbortController();
    this.gone = gone.signal;
    this.#exit = new Promise((resolve) => {
      this.#child.once('error', () => resolve(null));
      this.#child.once('close', (code) => resolve(code));
    });
    // However this process ends, no service outlives it.
    const killChild = () => this.#child.kill('SIGKILL');
    process.once('exit', killChild);
    void this.#exit.then(() => {
      process.off('exit', killChild);
      gone.abort();
    });
    this.ready = this.#untilReady();
    // Most lives end before somebody asks.
    this.ready.catch(() => {});
  }

  /**
   * Pulls the plug. @param stopMs it is asked to stop so long before; null: it isn't
   * @returns what is wrong: it had ended by itself, or complained; null where nothing is
   */
  async kill(stopMs: number | null = null): Promise<string | null> {
    const wasGone = this.gone.aborted;
    this.#isKilled = true;
    if (stopMs !== null && !wasGone) {
      this.#child.kill('SIGTERM');
      await Promise.race([this.#exit, pause(stopMs)]);
    }
    this.#child.kill('SIGKILL');
    const code = await this.#exit;
    if (wasGone) return `the service ended by itself with ${code}: ${this.#log}`;
    return this.complaint();
  }

  /** Asks it to stop. @returns what is wrong with how it did */
  async stop(): Promise<string | null> {
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), LONGEST_STOP_MS);
    const code = await this.#exit;
    clearTimeout(late);
    return code === 0 ? this.complaint() : `the service stopped with ${code}: ${this.#log}`;
  }

  /** It logs errors alone: none is expected. */
  complaint(): string | null {
    return this.#log === '' ? null : `the service logged an error: ${this.#log}`;
  }

  #untilReady(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let text = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = READY.exec(text);
      if (match) resolve(match[1]!);
    });
    const late = setTimeout(
      () => reject(new Error(`the service was not ready after ${LONGEST_START_MS / 1000} s`)),
      LONGEST_START_MS,
    );
    void this.#exit.then((code) => {
      clearTimeout(late);
      const how = this.#isKilled ? 'was killed' : `ended by itself with ${code}: ${this.#log}`;
      reject(new Error(`the service ${how} before it was ready`));
    });
    void promise.then(
      () => clearTimeout(late),
      () => {},
    );
    return promise;
  }
}

/** This process's, without what would change how the service behaves. */
function environment(allowHosts: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(UNDERLABEL_.*|INIT_CWD|NODE_OPTIONS|VITEST.*)$/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    UNDERLABEL_ALLOW_HOSTS: allowHosts.join(','),
    UNDERLABEL_LOG_LEVEL: 'error',
  };
}
