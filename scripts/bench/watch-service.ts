/** The built service as a child process, as somebody runs it, and what its own metrics say of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';

export interface RunningService {
  client: Pool;
  metrics(): Promise<Metrics>;
  /** Bytes, after its garbage was collected. */
  memory(): Promise<{ rss: number; heap: number }>;
  /** Bytes resident at this moment, asked of the system: the service isn't disturbed. */
  rss(): number;
  stop(): Promise<void>;
}

/** The value of a metric, summed over its labels. */
export type Metrics = (name: string) => number;

const INSPECTOR_SAYS = /^(Debugger |For help, )/;
const BIN = join(import.meta.dirname, '../../dist/bin.js');

/** @param env further settings */
export async function runService(
  dataFolder: string,
  env: Record<string, string> = {},
): Promise<RunningService> {
  // The inspector costs nothing until it is asked; it alone can have garbage collected from outside.
  const args = ['--inspect=127.0.0.1:0', BIN, 'serve', '--port', '0', '--data', dataFolder];
  const child = spawn(process.execPath, args, {
    // No settings of whoever runs this.
    cwd: dataFolder,
    // Ten thousand first sightings are not what is measured.
    env: { UNDERLABEL_ALLOW_HOSTS: '127.0.0.1', UNDERLABEL_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const inspectorAt = await said(child, 'stderr', /^Debugger listening on (\S+)$/m);
  child.stderr.on('data', (part: Buffer) => {
    const lines = String(part).split(/(?<=\n)/);
    for (const line of lines) if (!INSPECTOR_SAYS.test(line)) process.stderr.write(line);
  });
  const url = await said(child, 'stdout', /^underlabel ready at (\S+)$/m);
  const client = new Pool(url, { connections: 16 });
  const metrics = async () => {
    const { body } = await client.request({ path: '/metrics', method: 'GET' });
    return read(await body.text());
  };
  return {
    client,
    metrics,
    async memory() {
      await collectGarbage(inspectorAt);
      const value = await metrics();
      const heap = value('nodejs_heap_size_used_bytes');
      return { rss: value('process_resident_memory_bytes'), heap };
    },
    rss: () => residentBytes(child.pid!),
    async stop() {
      await client.close();
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Linux only; 0 elsewhere. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function read(text: string): Metrics {
  const lines = text.split('\n');
  return (name) => {
    const found = lines.filter((line) => /^[ {]/.test(line.slice(name.length)));
    return found
      .filter((line) => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };
}

/** @returns what the pattern's group holds, once it was said */
function said(child: ChildProcess, where: 'stdout' | 'stderr', pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const listen = (part: Buffer) => {
      text += part;
      const found = pattern.exec(text.slice(0, text.lastIndexOf('\n')))?.[1];
      if (!found) return;
      child[where]!.off('data', listen);
      resolve(found);
    };
    child[where]!.on('data', listen);
    child.once('exit', () => reject(new Error(`the service ended, having said: ${text}`)));
  });
}

async function collectGarbage(inspectorAt: string): Promise<void> {
  const socket = new WebSocket(inspectorAt);
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
  await once(socket, 'message');
  socket.close();
}
