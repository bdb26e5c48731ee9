/** The other side of checkpoints.ts: a connection of its own that does nothing but copy pages. */
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const client = new Database(workerData as string, { fileMustExist: true, timeout: 0 });
// Not full: the pages are on disk before the log is begun anew, which is all that a checkpoint promises.
client.pragma('synchronous = NORMAL');

/** A full disk, say: the one who commits meets it as well, and tells of it. Next time it may go. */
function copy(): void {
  try {
    client.pragma('wal_checkpoint(PASSIVE)');
  } catch {}
}

parentPort!.on('message', (message: 'copy' | 'end') => {
  if (message === 'copy') copy();
  else client.close();
  parentPort!.postMessage(message);
  if (message === 'end') parentPort!.close();
});
