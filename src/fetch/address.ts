/**
 * Which addresses may be fetched. Whoever names an address must not reach, through this service,
 * what only this service can reach: loopback, private networks, metadata services.
 *
 * What counts is the address that is really connected to, so a name is checked when it is resolved
 * for the connection (a name checked earlier could have moved by then).
 */
import { isIP, isIPv6, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';
import { FetchError } from './fetch-error.ts';

export interface Host {
  /** As a URL spells it: lower case, IPv6 in brackets. */
  name: string;
  /** Null: any. */
  port: number | null;
}

/** Reads `name`, `name:port` or an IP address with or without a port; null where it is none of these. */
export function parseHost(text: string): Host | null {
  const trimmed = text.trim();
  const bracketed = isIPv6(trimmed) ? `[${trimmed}]` : trimmed;
  const match = /^(\[[^\]]+\]|[^\s:/?#@\\[\]]+)(?::(\d{1,5}))?$/.exec(bracketed);
  if (!match || !URL.canParse(`http://${match[1]}`)) return null;
  return {
    name: new URL(`http://${match[1]}`).hostname,
    port: match[2] === undefined ? null : Number(match[2]),
  };
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** Whether the operator vouches for a URL's host: then it may be private, and plain `http:`. */
export type Allowed = (url: URL) => boolean;

/** @throws Error where an entry is not a host */
export function allowList(entries: readonly string[]): Allowed {
  const hosts = entries.map((entry) => {
    const host = parseHost(entry);
    if (host) return host;
    throw new Error(
      `${JSON.stringify(entry)} is not a host that can be allowed; give a name, name:port or an IP address`,
    );
  });
  return (url) =>
    hosts.some(
      ({ name, port }) => name === url.hostname && (port === null || port === portOf(url)),
    );
}

/** Of all IPv6 space, only this is handed out for public use (RFC 4291, section 2.4; IANA). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96') as [ipaddr.IPv6, number];
const SIX_TO_FOUR = ipaddr.parseCIDR('2002::/16') as [ipaddr.IPv6, number];
/** Azure answers machines from here with their credentials, though the address looks public. */
const AZURE_WIRE_SERVER = '168.63.129.16';

/** Why an IP address may not be connected to ('private', 'loopback' …), or null where it is public. */
export function addressProblem(address: string): string | null {
  if (!ipaddr.isValid(address)) return 'not an IP address';
  const ip = unwrapped(ipaddr.parse(address));
  if (ip.toString() === AZURE_WIRE_SERVER) return 'metadata';
  if (ip.range() !== 'unicast') return ip.range();
  return ip instanceof ipaddr.IPv6 && !ip.match(GLOBAL_UNICAST) ? 'reserved' : null;
}

/** The IPv4 address that an IPv6 address stands for, where it stands for one. */
function unwrapped(ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (ip instanceof ipaddr.IPv4) return ip;
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address();
  const bytes = ip.toByteArray();
  if (ip.match(NAT64)) return new ipaddr.IPv4(bytes.slice(12));
  if (ip.match(SIX_TO_FOUR)) return new ipaddr.IPv4(bytes.slice(2, 6));
  return ip;
}

/** A URL as error texts show it: a query or a user may be a secret, so neither is shown. */
export function shownUrl(url: URL): string {
  const text = `${url.protocol}//${url.host}${url.pathname}`;
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** What can be refused by looking at the URL alone. @throws FetchError `refused-address` */
export function checkUrl(url: URL, allowed: Allowed): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(shownUrl(url), 'only https: is fetched', 'Give an https: address.');
  }
  if (url.username || url.password) {
    const toDo = 'Configure credentials for its host instead.';
    throw refused(shownUrl(url), 'it holds a user or a password', toDo);
  }
  if (allowed(url)) return;
  if (url.protocol === 'http:') {
    const why = 'plain http: is fetched only from hosts that UNDERLABEL_ALLOW_HOSTS lists';
    throw refused(shownUrl(url), why, 'Use https:, or list the host there.');
  }
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const problem = isIP(name) ? addressProblem(name) : null;
  if (problem !== null) throw notPublic(shownUrl(url), name, problem);
}

function refused(shown: string, why: string, toDo: string): FetchError {
  return new FetchError('refused-address', { happened: `${shown} was not asked: ${why}`, toDo });
}

function notPublic(shown: string, address: string, problem: string): FetchError {
  const why = `${address} is not a public address (${problem})`;
  return refused(shown, why, 'If it is meant, list the host in UNDERLABEL_ALLOW_HOSTS.');
}

/** Resolves names to public addresses only; the others are passed over. */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = Array.isArray(found) ? found : [];
      const [first, ...rest] = addresses.filter(({ address }) => addressProblem(address) === null);
      if (!first) return callback(noPublicAddress(hostname, addresses[0]?.address), []);
      if (options.all) callback(null, [first, ...rest]);
      else callback(null, first.address, first.family);
    });
  };
}

function noPublicAddress(hostname: string, address: string | undefined): FetchError {
  if (address !== undefined) {
    return notPublic(hostname, `its address ${address}`, addressProblem(address) ?? '');
  }
  return new FetchError('dns', {
    happened: `${hostname} has no address`,
    toDo: 'Check the name and DNS.',
  });
}

/** Connects to allowed hosts wherever they are, and to all others at public addresses only. */
export function guardedConnector(
  allowed: Allowed,
  options: { lookup: LookupFunction; timeout: number; ca: string | undefined },
): buildConnector.connector {
  const open = buildConnector({ ...options, allowH2: false });
  const guarded = buildConnector({
    ...options,
    allowH2: false,
    lookup: guardedLookup(options.lookup),
  });
  return (request, callback) => {
    const url = new URL(`${request.protocol}//${request.host ?? request.hostname}`);
    (allowed(url) ? open : guarded)(request, callback);
  };
}
