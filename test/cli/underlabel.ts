/** The built program, run as a person runs it, and a real service for it to ask. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ServiceSettings, startService } from '../../src/service.ts';

export const BIN = join(import.meta.dirname, '../../dist/bin.js');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** Arguments of Node itself. */
  node?: string[];
}

/** Starts `underlabel ARGS`; what it prints gathers in `printed`. */
export function start(args: string[], options: RunOptions = {}) {
  const { cwd, env = {}, node = [] } = options;
  const child = spawn(process.execPath, [...node, BIN, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...environment(), ...env },
    stdio: 'pipe',
  });
  const printed = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.err += text));
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...printed }));
  });
  return { child, ended, printed };
}

export function run(args: string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** The first line on stdout. */
export function firstLine(child: ChildProcess, ended: Promise<Ended>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  child.stdout!.on('data', (part: string) => {
    text += part;
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
  });
  ended.then(({ code, err }) => reject(new Error(`ended with ${code} before a line: ${err}`)));
  return promise;
}

/** A folder that goes when the test ends. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'underlabel-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A service of this test's own, and its commands. */
export async function service(settings: Partial<ServiceSettings> = {}) {
  const cwd = await folder();
  const running = await startService({
    dataFolder: join(cwd, 'data'),
    port: 0,
    logLevel: 'silent',
    allowFiles: cwd,
    ...settings,
  });
  onTestFinished(() => running.close());
  const underlabel = (args: string[], options: RunOptions = {}) =>
    run(args, { cwd, ...options, env: { UNDERLABEL_URL: running.url, ...options.env } });
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${running.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  return { url: running.url, cwd, underlabel, post };
}

/** This process's, without what would change how the program behaves. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(UNDERLABEL_.*|INIT_CWD|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST.*)$/.test(name),
  );
  return Object.fromEntries(kept);
}
