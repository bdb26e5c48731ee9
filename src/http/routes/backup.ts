/** A copy of the whole database, taken while the service goes on. */
import { join } from 'node:path';
import { z } from 'zod';
import { formatTime } from '../../contract/time.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../watch/clock.ts';
import { clearUnfinished, takeCopy } from '../database-copy.ts';
import { endpoint, type Mount } from '../endpoint.ts';
import { ProblemError } from '../problem.ts';
import { pulledBody } from '../pulled-body.ts';

interface Means {
  store: Pick<Store, 'backup'>;
  /** Where there is room for a second database. */
  dataFolder: string;
  clock: Pick<Clock, 'after'>;
  now: () => number;
  stopping: AbortSignal;
  onError: (error: unknown, request: string) => void;
}

const PATH = '/api/v1/backup';
const SQLITE_TYPE = 'application/vnd.sqlite3';

export function backupRoutes(mount: Mount, means: Means): void {
  const { store, dataFolder, clock, now, stopping, onError } = means;
  const file = join(dataFolder, 'backup.unfinished');
  // What a process left that ended while it wrote.
  clearUnfinished(file);
  let isTaken = false;

  endpoint(
    mount,
    {
      method: 'post',
      path: PATH,
      role: 'admin',
      summary: 'A consistent copy of the database, with its digest in `Repr-Digest`',
      answers: {
        200: {
          description: 'The copy; see docs/operations.md for how to restore it',
          schema: z.string().meta({ format: 'binary' }),
          type: SQLITE_TYPE,
        },
      },
    },
    async ({ c }) => {
      if (isTaken) {
        const detail = 'another backup is being taken or sent; ask again once it is done';
        throw new ProblemError('backup-running', detail);
      }
      isTaken = true;
      const at = now();
      const copy = await takeCopy(store, file, at).catch((error: unknown) => {
        isTaken = false;
        if (!stopping.aborted) throw error;
        const detail = 'the service is stopping, so no backup was taken; ask again once it runs';
        throw new ProblemError('stopping', detail, { cause: error });
      });
      const end = () => {
        isTaken = false;
        copy.close().catch((error: unknown) => onError(error, `POST ${PATH}`));
      };
      const body = pulledBody(
        c,
        { next: copy.next, end },
        { clock, onError: (error) => onError(error, `POST ${PATH}`) },
      );
      const name = `underlabel-${formatTime(at).replace(/\D/g, '').slice(0, 14)}.db`;
      return c.body(body, 200, {
        'content-type': SQLITE_TYPE,
        'content-length': String(copy.bytes),
        'content-disposition': `attachment; filename="${name}"`,
        'repr-digest': `sha-256=:${copy.sha256.toString('base64')}:`,
      });
    },
  );
}
