/** Credentials for hosts that ask for them. Each goes to its exact host, and shows up nowhere else. */
import { readFile } from 'node:fs/promises';
import { type Allowed, type Host, parseHost, portOf } from './address.ts';
import { FetchError } from './fetch-error.ts';

/** `bearerFile` is read anew each time, so that something outside can refresh the token. */
export type Credential = { bearer: string } | { bearerFile: string };

const TLS_PORT = 443;

/** The bearer token to send to a URL, or null. */
export type BearerFor = (url: URL) => Promise<string | null>;

/**
 * @param credentials by host as a URL writes it: `api.example`, or `api.example:8443` off the default port
 * @throws Error where a host or a token can't be one; the token isn't shown
 */
export function bearers(credentials: Record<string, Credential>, allowed: Allowed): BearerFor {
  const known = Object.entries(credentials).map(([name, credential]) => {
    const host = parseHost(name);
    if (!host) throw new Error(`${JSON.stringify(name)} is not a host that can have credentials`);
    if ('bearer' in credential && !isToken(credential.bearer)) {
      throw new Error(`the bearer for ${name} is empty or holds characters that can't be sent`);
    }
    return { host, credential };
  });
  return async (url) => {
    if (url.protocol !== 'https:' && !allowed(url)) return null;
    const found = known.find(({ host }) => isAt(host, url));
    if (!found) return null;
    const { credential } = found;
    return 'bearer' in credential ? credential.bearer : fromFile(credential.bearerFile, url);
  };
}

/** A host by its name alone is the one that speaks TLS: what is meant for it never goes in the clear. */
function isAt({ name, port }: Host, url: URL): boolean {
  const meant = port ?? TLS_PORT;
  if (meant === TLS_PORT && url.protocol !== 'https:') return false;
  return name === url.hostname && meant === portOf(url);
}

function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

async function fromFile(file: string, url: URL): Promise<string> {
  let token: string;
  try {
    token = (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw unusable(url, `can't be read (${(cause as NodeJS.ErrnoException).code})`);
  }
  if (!isToken(token)) throw unusable(url, "is empty or holds characters that can't be sent");
  return token;
}

function unusable(url: URL, problem: string): FetchError {
  return new FetchError('file', {
    happened: `${url.host} was not asked: the bearer file configured for it ${problem}`,
    toDo: 'Put a token there.',
  });
}
