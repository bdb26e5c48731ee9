/** The program, built and run as a person runs it or called in this process, and a real service for it to ask. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ServiceSettings, startService } from '../../src/service.ts';
import { type Ended, runHere } from './in-process.ts';

export const BIN = join(import.meta.dirname, '../../dist/bin.js');

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

export interface StartOptions extends RunOptions {
  stdin?: string;
  /** Arguments of Node itself. */
  node?: string[];
}

/** Starts `underlabel ARGS` as a process; what it prints gathers in `printed`. */
export function start(args: string[], options: StartOptions = {}) {
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
  /** Resolves once what stands on stdout fits. */
  const prints = async (fits: (out: string) => boolean) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => fits(printed.out) && resolve();
    child.stdout.on('data', look);
    ended.then(({ code, out, err }) => reject(new Error(`ended with ${code}: ${out}${err}`)));
    look();
    await promise;
  };
  return { child, ended, printed, prints };
}

/** Runs `underlabel ARGS` in this process, which stays where it stands: the program is told so by INIT_CWD. */
export function run(args: string[], { cwd, env = {} }: RunOptions = {}): Promise<Ended> {
  const standing = cwd === undefined ? {} : { INIT_CWD: cwd };
  return runHere(args, { ...environment(), ...standing, ...env });
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
  const here = <O extends RunOptions>(options: O) => {
    return { cwd, ...options, env: { UNDERLABEL_URL: running.url, ...options.env } };
  };
  const underlabel = (args: string[], options: RunOptions = {}) => run(args, here(options));
  /** As a process of its own. */
  const alone = (args: string[], options: StartOptions = {}) => start(args, here(options)).ended;
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${running.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  return { url: running.url, cwd, underlabel, alone, post };
}

/** This process's, without what would change how the program behaves. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(UNDERLABEL_.*|INIT_CWD|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST.*)$/.test(name),
  );
  return Object.fromEntries(kept);
}
