/** The HTTP client beneath the fetcher: which connections it opens, and how long it keeps them. */
import { Agent, type buildConnector, type Dispatcher, Pool } from 'undici';

export interface ClientOptions {
  connect: buildConnector.connector;
  /** Connections to one origin at a time; what is asked beyond them waits. */
  connectionsPerHost: number;
  /** Past so many in all, those to further hosts are closed as soon as nothing is asked on them. */
  keptConnections: number;
}

/** A connection waits this long for its next question, where the host doesn't say how long it may. */
const KEEP_ALIVE_MS = 65_000;
const AT_ONCE_MS = 1;

export function createClient(options: ClientOptions): Dispatcher {
  const { connect, connectionsPerHost, keptConnections } = options;
  let open = 0;
  const counted: buildConnector.connector = (request, callback) => {
    connect(request, (...[error, socket]) => {
      if (error) return callback(error, null);
      open += 1;
      socket.once('close', () => {
        open -= 1;
      });
      callback(null, socket);
    });
  };
  return new Agent({
    connect: counted,
    connections: connectionsPerHost,
    // One limit for the whole answer replaces the client's own, which a slow trickle restarts.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A host is forgotten with its last connection, so this is asked anew each time it comes back.
    factory(origin, given: object) {
      const crowded = { keepAliveTimeout: AT_ONCE_MS, keepAliveMaxTimeout: AT_ONCE_MS };
      return new Pool(origin, { ...given, ...(open < keptConnections ? {} : crowded) });
    },
  });
}
