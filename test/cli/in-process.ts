/**
 * The program in this process: `main(argv)` with streams, variables and an exit code of its own. A start
 * of a process costs more than most commands do, so only what is about the process has one (`start`).
 */
import { Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

let last: Promise<unknown> = Promise.resolve();

/** Commands that are asked for at once run one after the other: there is one `process` for all of them. */
export function runHere(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const ended = last.then(() => ranHere(args, env));
  last = ended.catch(() => {});
  return ended;
}

async function ranHere(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const [out, err] = [new Written(), new Written()];
  const { stdout, stderr, env: variables, exitCode } = process;
  show({ stdout: out, stderr: err, env });
  process.exitCode = undefined;
  try {
    await main([process.execPath, 'underlabel', ...args]);
    return { code: Number(process.exitCode ?? 0), out: out.text, err: err.text };
  } finally {
    show({ stdout, stderr, env: variables });
    process.exitCode = exitCode;
  }
}

function show(parts: Partial<Record<keyof NodeJS.Process, unknown>>): void {
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  }
}

/** Keeps what is written to it, and is no terminal. */
class Written extends Writable {
  readonly #parts: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }

  override _write(part: Buffer, _: BufferEncoding, done: () => void): void {
    this.#parts.push(part);
    done();
  }
}
