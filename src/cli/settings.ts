/**
 * What the service runs with: flags, then UNDERLABEL_* variables, then underlabel.config.json.
 * All three become one object that is parsed once. A bad setting stops the start, with its name, its
 * value (never a secret's) and what would be accepted; so does a name that is nobody's.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { duration } from '../contract/time.ts';
import { parseHost } from '../fetch/address.ts';
import type { WalrusSettings } from '../walrus-desk.ts';
import { accepting, webUrl } from './accepting.ts';
import { CONFIG_FILE } from './config-file.ts';
import { CommandError } from './exit.ts';
import { shown } from './plain.ts';
import { traceShape } from './trace-settings.ts';
import { walrusOf, walrusShape } from './walrus-settings.ts';

const MAX_BODY_BYTES = 16 * 2 ** 20;
const DAY_MS = 86_400_000;

/** As commander gives them: texts, not yet parsed. */
export interface Flags {
  port?: string;
  host?: string;
  data?: string;
}

/** Variable → its name in the config file, and how its text is read. */
const VARIABLES = {
  UNDERLABEL_PORT: ['port', 'number'],
  UNDERLABEL_HOST: ['host', 'text'],
  UNDERLABEL_DATA: ['data', 'text'],
  UNDERLABEL_KEYS: ['keys', 'list'],
  UNDERLABEL_ALLOW_HOSTS: ['allowHosts', 'list'],
  UNDERLABEL_ALLOW_FILES: ['allowFiles', 'text'],
  UNDERLABEL_MAX_BODY_BYTES: ['maxBodyBytes', 'number'],
  UNDERLABEL_LOG_LEVEL: ['logLevel', 'text'],
  UNDERLABEL_READS_PER_HOST: ['readsPerHost', 'number'],
  UNDERLABEL_READS: ['reads', 'number'],
  UNDERLABEL_DEADLINE_INTERVALS: ['deadlineIntervals', 'number'],
  UNDERLABEL_PING_URL: ['pingUrl', 'text'],
  UNDERLABEL_PING_EVERY: ['pingEvery', 'text'],
  UNDERLABEL_KEEP_ANSWERS: ['keepAnswers', 'text'],
  UNDERLABEL_KEEP_TRACES: ['keepTraces', 'text'],
  UNDERLABEL_KEEP_CONTEXT: ['keepContext', 'text'],
  UNDERLABEL_WALRUS: ['walrus', 'text'],
  UNDERLABEL_AGGREGATORS: ['aggregators', 'list'],
  UNDERLABEL_SUI_URL: ['suiUrl', 'text'],
  UNDERLABEL_WALRUS_SYSTEM_OBJECT: ['walrusSystemObject', 'text'],
  UNDERLABEL_WALRUS_STAKING_POOL: ['walrusStakingPool', 'text'],
  UNDERLABEL_WALRUS_SHARDS: ['walrusShards', 'number'],
  UNDERLABEL_VERIFY: ['verify', 'text'],
  UNDERLABEL_EXPIRY_DAYS: ['expiryDays', 'list'],
} as const;
/** Of the commands that ask a service; they may well be set where one is started. */
const OTHERS_VARIABLES = ['UNDERLABEL_URL', 'UNDERLABEL_KEY'];
/** A ping URL is one: whoever knows it can make the dead man look alive. */
const SECRET: readonly string[] = ['keys', 'credentials', 'pingUrl'];

const key = z
  .string()
  .regex(/^(read|ingest|review|admin):[\x21-\x2b\x2d-\x7e]+$/)
  .transform((text) => {
    const [role, ...secret] = text.split(':');
    return { role: role as 'read' | 'ingest' | 'review' | 'admin', secret: secret.join(':') };
  });
const host = z.string().refine((text) => parseHost(text) !== null);
const credential = z.union([
  z.strictObject({ bearer: z.string().regex(/^[\x21-\x7e]+$/) }),
  z.strictObject({ bearerFile: z.string().min(1) }),
]);

const schema = z.strictObject({
  ...walrusShape,
  ...traceShape,
  port: accepting(
    z.int().min(0).max(65_535),
    'a whole number from 0 to 65535 (0 takes a free port)',
  ).default(4318),
  host: accepting(
    z.string().refine((text) => parseHost(text)?.port === null),
    'an address or a name of this machine, such as 127.0.0.1',
  ).default('127.0.0.1'),
  data: accepting(z.string().min(1), 'a folder').default('underlabel-data'),
  keys: accepting(
    z.array(key),
    'role:secret, with a role of read, ingest, review, admin and a secret of visible ASCII without commas',
  ).default([]),
  allowHosts: accepting(z.array(host), 'hosts: name, name:port or an IP address').default([]),
  allowFiles: accepting(z.string().min(1).nullable(), 'a folder').default(null),
  maxBodyBytes: accepting(
    z
      .int()
      .min(1024)
      .max(2 ** 28),
    'a whole number of bytes from 1024 to 268435456',
  ).default(MAX_BODY_BYTES),
  logLevel: accepting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'one of trace, debug, info, warn, error, fatal, silent',
  ).default('info'),
  readsPerHost: accepting(z.int().min(1).max(1024), 'a whole number from 1 to 1024').default(64),
  reads: accepting(z.int().min(1).max(4096), 'a whole number from 1 to 4096').default(256),
  deadlineIntervals: accepting(z.int().min(2).max(1000), 'a whole number from 2 to 1000').default(
    4,
  ),
  pingUrl: accepting(
    webUrl.nullable(),
    'an https: URL without a user (http: only for hosts that UNDERLABEL_ALLOW_HOSTS lists)',
  ).default(null),
  pingEvery: accepting(
    duration('10s', '1d'),
    'a duration from 10s to 1d, such as 60s (units: ms, s, m, h, d)',
  ).default(60_000),
  keepAnswers: accepting(
    z.union([z.literal('forever').transform(() => null), duration('1d', '3650d')]),
    'a duration from 1d to 3650d, such as 30d, or forever',
  ).default(30 * DAY_MS),
  credentials: accepting(
    z.record(host, credential),
    'by host: {"bearer": "…"} or {"bearerFile": "path"}',
  ).default({}),
});

type Parsed = z.output<typeof schema>;
export type Settings = Omit<Parsed, 'data' | keyof typeof walrusShape> & {
  dataFolder: string;
  walrus: WalrusSettings | null;
};

/**
 * @param folder where the person stands: relative paths count from there, and the config file is there
 * @throws CommandError `setting`, naming all that is wrong
 */
export function readSettings(flags: Flags, env: NodeJS.ProcessEnv, folder: string): Settings {
  const fromFile = readConfig(resolve(folder, CONFIG_FILE));
  const fromEnv = variablesIn(env);
  const fromFlags = flagsIn(flags);
  const layers = [
    ...Object.keys(fromFile).map((name) => [name, `${CONFIG_FILE}: ${name}`]),
    ...fromEnv.map(({ name, variable }) => [name, variable]),
    ...Object.keys(fromFlags).map((name) => [name, `--${name}`]),
  ];
  const origins = new Map(layers as [string, string][]);
  const merged: Record<string, unknown> = {
    ...fromFile,
    ...Object.fromEntries(fromEnv.map(({ name, value }) => [name, value])),
    ...fromFlags,
  };
  const parsed = schema.safeParse(merged);
  const problems = [
    ...unknownVariables(env),
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, merged, origins)),
  ];
  const walrus = parsed.success ? walrusOf(parsed.data, problems) : null;
  if (!parsed.success || problems.length > 0) throw wrong(problems);
  return { ...settled(parsed.data, folder, origins), walrus };
}

function settled(
  { data, ...parsed }: Parsed,
  folder: string,
  origins: Map<string, string>,
): Omit<Settings, 'walrus'> {
  const given = Object.entries(parsed).filter(([name]) => !(name in walrusShape));
  const rest = Object.fromEntries(given) as Omit<Parsed, 'data' | keyof typeof walrusShape>;
  const allowFiles = parsed.allowFiles === null ? null : resolve(folder, parsed.allowFiles);
  if (allowFiles !== null && !statSync(allowFiles, { throwIfNoEntry: false })?.isDirectory()) {
    const origin = origins.get('allowFiles');
    throw wrong([`${origin} is ${quoted(parsed.allowFiles)}; accepted: a folder that exists`]);
  }
  const credentials = Object.fromEntries(
    Object.entries(parsed.credentials).map(([name, given]) => [
      name,
      'bearerFile' in given ? { bearerFile: resolve(folder, given.bearerFile) } : given,
    ]),
  );
  return { ...rest, dataFolder: resolve(folder, data), allowFiles, credentials };
}

function readConfig(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw wrong([`${CONFIG_FILE} can't be read (${code}); make it readable, or take it away`]);
  }
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the file, and the file may hold secrets.
    const where = /line \d+ column \d+/.exec((error as Error).message)?.[0];
    throw wrong([`${CONFIG_FILE} is not JSON${where ? ` (${where})` : ''}; accepted: one object`]);
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) {
    return config as Record<string, unknown>;
  }
  throw wrong([`${CONFIG_FILE} holds no object; accepted: {"port": 4318, …}`]);
}

/** An empty variable is one that is not set: compose files write them so. */
function variablesIn(env: NodeJS.ProcessEnv) {
  return Object.entries(VARIABLES).flatMap(([variable, [name, form]]) => {
    const text = env[variable]?.trim();
    return text ? [{ variable, name, value: fromText(text, form) }] : [];
  });
}

function flagsIn(flags: Flags): Record<string, unknown> {
  const given = Object.entries(flags).filter(([, text]) => text !== undefined);
  return Object.fromEntries(
    given.map(([name, text]) => [name, fromText(text, name === 'port' ? 'number' : 'text')]),
  );
}

function fromText(text: string, form: 'number' | 'text' | 'list'): unknown {
  if (form === 'number') return /^\d{1,15}$/.test(text) ? Number(text) : text;
  if (form === 'text') return text;
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...Object.keys(VARIABLES), ...OTHERS_VARIABLES];
  return Object.keys(env)
    .filter((name) => name.startsWith('UNDERLABEL_') && !known.includes(name))
    .map((name) => `${shown(name)} is no setting${meant(name, known)}`);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  merged: Record<string, unknown>,
  origins: Map<string, string>,
): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape);
    return issue.keys.map((name) => `${origins.get(name)} is no setting${meant(name, known)}`);
  }
  const [name, index] = issue.path as [string, string | number | undefined];
  const value = merged[name];
  const entry = Array.isArray(value) && typeof index === 'number' ? value[index] : value;
  const place = entry === value ? '' : ` (entry ${Number(index) + 1})`;
  if (issue.code === 'custom' && issue.params?.explained === true) {
    return [`${origins.get(name)}${place}: ${shown(issue.message)}`];
  }
  const given = SECRET.includes(name) ? 'not right (its value is not shown)' : quoted(entry);
  return [`${origins.get(name)}${place} is ${given}; accepted: ${issue.message}`];
}

function meant(name: string, known: string[]): string {
  const near = closest(name, known);
  return distance(name, near) <= 3 ? `; did you mean ${near}?` : `; accepted: ${known.join(', ')}`;
}

/** Without what may be a secret in an address: its user, and its query. */
function quoted(value: unknown): string {
  const text = shown(JSON.stringify(value) ?? String(value));
  return text
    .replace(/(:\/\/)[^/?#@"]*@/g, '$1…@')
    .replace(/(:\/\/[^?"]*\?)[^"]*/g, '$1…')
    .slice(0, 200);
}

function wrong(problems: readonly string[]): CommandError {
  const text = ['The service did not start, because of its settings:', ...problems].join('\n  ');
  return new CommandError('setting', text);
}
