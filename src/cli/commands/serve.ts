/** `underlabel serve`: the service, until a signal ends it. */
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Service } from '../../service.ts';
import { ending } from '../asking.ts';
import { CommandError, EXIT, type Exit } from '../exit.ts';
import { standingFolder } from '../folder.ts';
import { print } from '../screen.ts';
import type { Flags, Settings } from '../settings.ts';

const STOP_WITHIN_MS = 9_500;

const HELP = `
Settings come from these options, then UNDERLABEL_* variables, then
underlabel.config.json in the folder where you stand: PORT, HOST, DATA, KEYS
(role:secret,…; roles read, ingest, review, admin), ALLOW_HOSTS (host,…),
ALLOW_FILES (a folder), MAX_BODY_BYTES, LOG_LEVEL. Logs are JSON lines on stderr.
The watch: READS and READS_PER_HOST (at a time: 256, 64), DEADLINE_INTERVALS (a
label is overdue after so many of its intervals: 4), PING_URL and PING_EVERY
(called each 60s, while no label is overdue), KEEP_ANSWERS (raw answers of
sources: 30d, or forever).
Traces: KEEP_TRACES (for good, or so long: 365d), KEEP_CONTEXT (spans beside them:
30d, or forever); in the file, "rules" say which label the traces of spans belong
to, and "retention" how long those of each label are kept.
The bytes and the chain: WALRUS (off, mainnet, testnet or custom; nothing is
fetched unless it is set), AGGREGATORS (url,…), SUI_URL (or off), VERIFY (what is
checked by itself: 64MB, off or always), EXPIRY_DAYS (14,2); of a custom network
WALRUS_SYSTEM_OBJECT, WALRUS_STAKING_POOL and WALRUS_SHARDS.

Examples:
  underlabel serve
  UNDERLABEL_WALRUS=mainnet underlabel serve
  UNDERLABEL_KEYS=admin:$SECRET underlabel serve --host 0.0.0.0`;

export function addServe(parent: Command): void {
  parent
    .command('serve')
    .description('run the service: the API and the watch')
    .option('--port <port>', 'port to listen on; 0 takes a free one (default: 4318)')
    .option('--host <host>', 'address to listen on (default: 127.0.0.1)')
    .option('--data <folder>', 'where the data is (default: ./underlabel-data)')
    .addHelpText('after', HELP)
    .action(ending(serve));
}

async function serve(flags: Flags): Promise<Exit> {
  // Loaded here, not at the top: no other command should wait for what only the service needs.
  const { readSettings } = await import('../settings.ts');
  const settings = readSettings(flags, process.env, standingFolder());
  // Before the start: a signal that comes meanwhile must still end in a clean stop.
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const service = await started(settings);
  print(`underlabel ready at ${service.url}`);
  await stopped;
  await inTime(service.close());
  return EXIT.fine;
}

async function started(settings: Settings): Promise<Service> {
  const { startService } = await import('../../service.ts');
  try {
    return await startService(settings);
  } catch (cause) {
    // A fault of this program keeps its stack; all else was foreseen, and its text says what to do.
    if (cause instanceof TypeError || cause instanceof RangeError) throw cause;
    throw new CommandError('setting', `The service did not start: ${reasonOf(cause, settings)}`, {
      cause,
    });
  }
}

function reasonOf(cause: unknown, { host, port }: Settings): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const place = `${host}:${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return `something else listens at ${place} already. Stop it, or choose another --port (0 takes a free one).`;
    case 'EACCES':
      return `${place} or the data folder is not this user's to use (${message}). Choose another --port or --data.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another --host.`;
    default:
      return message;
  }
}

/** A close that hangs must not keep the process from ending, but that is no clean end. */
async function inTime(closing: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const text = `the service did not stop within ${STOP_WITHIN_MS / 1000} s, so it is ended as it is. What was acknowledged is on disk.`;
    late.reject(new CommandError('setting', text));
  }, STOP_WITHIN_MS);
  try {
    await Promise.race([closing, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
