import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_FILE } from '../../src/cli/config-file.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { folder } from './underlabel.ts';

const SECRET = 'tr0ub4dor';

async function configured(config: unknown): Promise<string> {
  const path = await folder();
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(join(path, CONFIG_FILE), text);
  return path;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe('settings', () => {
  it('are the defaults where nothing is set, and an empty variable sets nothing', async () => {
    const path = await folder();
    expect(readSettings({}, { UNDERLABEL_PORT: '', UNDERLABEL_KEYS: ' ' }, path)).toEqual({
      host: '127.0.0.1',
      port: 4318,
      dataFolder: join(path, 'underlabel-data'),
      keys: [],
      allowHosts: [],
      allowFiles: null,
      credentials: {},
      maxBodyBytes: 16 * 2 ** 20,
      logLevel: 'info',
      readsPerHost: 64,
      reads: 256,
      deadlineIntervals: 4,
      pingUrl: null,
      pingEvery: 60_000,
      keepAnswers: 30 * 86_400_000,
      rules: [],
      retention: [],
      keepTraces: null,
      keepContext: 30 * 86_400_000,
      walrus: null,
    });
  });

  it('of traces are rules, and how long they are kept', async () => {
    const rules = [{ requestModel: 'gpt-4*', label: 'acme/{requestModel}' }];
    const path = await configured({
      rules,
      retention: [
        { label: 'og/*', age: '90d', bytes: '10GB' },
        { label: 'gold/*', age: 'forever' },
        { label: null, bytes: 5_000_000 },
      ],
    });
    const env = { UNDERLABEL_KEEP_TRACES: '365d', UNDERLABEL_KEEP_CONTEXT: 'forever' };
    expect(readSettings({}, env, path)).toMatchObject({
      rules,
      retention: [
        { label: 'og/*', age: 90 * 86_400_000, bytes: 10_000_000_000 },
        { label: 'gold/*', age: null, bytes: null },
        { label: null, age: null, bytes: 5_000_000 },
      ],
      keepTraces: 365 * 86_400_000,
      keepContext: null,
    });
  });

  it.each([
    [{ rules: {} }, 'rules: expected a list'],
    [{ rules: [{ label: 'a' }] }, 'rules (entry 1): a rule needs one of service'],
    [
      {
        rules: [
          { service: 'a', label: 'a' },
          { requestModel: '', label: 'b' },
        ],
      },
      'rules (entry 2): requestModel: a glob is 1–200 characters',
    ],
    [
      { rules: [{ service: 'a', label: '{nope}' }] },
      "rules (entry 1): label: expected a label's name",
    ],
    [{ rules: [{ model: 'a', label: 'a' }] }, 'rules (entry 1): model: unknown field'],
    [{ retention: [{ label: 'og/*' }] }, 'retention (entry 1): an entry needs age, bytes, or both'],
    [{ retention: [{ age: '90d' }] }, 'retention (entry 1): label: expected a glob over labels'],
    [
      { retention: [{ label: null, age: '3m' }] },
      'retention (entry 1): age: expected a duration from 1h to 36500d',
    ],
    [{ retention: [{ label: 'a', bytes: 10 }] }, 'retention (entry 1): bytes: expected a number'],
    [{ retention: [{ label: 'a', bytes: '1GiB' }] }, 'retention (entry 1): bytes: expected'],
    [{ keepTraces: '30m' }, 'keepTraces is "30m"; accepted: a duration from 1h'],
  ])(
    'of traces that are wrong name the entry and what is wrong with it: %j',
    async (config, text) => {
      const path = await configured(config);
      expect(refusal(() => readSettings({}, {}, path))).toContain(`${CONFIG_FILE}: ${text}`);
    },
  );

  it('of the watch are numbers, durations and an address', async () => {
    const env = {
      UNDERLABEL_READS_PER_HOST: '1',
      UNDERLABEL_READS: '4096',
      UNDERLABEL_DEADLINE_INTERVALS: '2',
      UNDERLABEL_PING_URL: 'https://ping.example/0b1c',
      UNDERLABEL_PING_EVERY: '10s',
      UNDERLABEL_KEEP_ANSWERS: '365d',
    };
    expect(readSettings({}, env, await folder())).toMatchObject({
      readsPerHost: 1,
      reads: 4096,
      deadlineIntervals: 2,
      pingUrl: 'https://ping.example/0b1c',
      pingEvery: 10_000,
      keepAnswers: 365 * 86_400_000,
    });
    const forever = { UNDERLABEL_KEEP_ANSWERS: 'forever' };
    expect(readSettings({}, forever, await folder()).keepAnswers).toBeNull();
    const path = await configured({ keepAnswers: 'forever', pingEvery: '2m', pingUrl: null });
    const fromFile = { keepAnswers: null, pingEvery: 120_000, pingUrl: null };
    expect(readSettings({}, {}, path)).toMatchObject(fromFile);
  });

  it('of a public network know where blobs are read and the chain is asked', async () => {
    const { walrus } = readSettings({}, { UNDERLABEL_WALRUS: 'testnet' }, await folder());
    expect(walrus).toEqual({
      network: 'testnet',
      aggregators: ['https://aggregator.walrus-testnet.walrus.space'],
      shards: 1000,
      verify: { upToBytes: 64_000_000 },
      expiryDays: [14, 2],
      chain: { suiUrl: 'https://fullnode.testnet.sui.io:443', packageConfig: null },
    });
  });

  it('of a network of your own name all there is to name', async () => {
    const env = {
      UNDERLABEL_WALRUS: 'custom',
      UNDERLABEL_AGGREGATORS: 'https://a.example,https://b.example/x',
      UNDERLABEL_SUI_URL: 'http://127.0.0.1:9000',
      UNDERLABEL_WALRUS_SYSTEM_OBJECT: '0x1',
      UNDERLABEL_WALRUS_STAKING_POOL: '0x2',
      UNDERLABEL_WALRUS_SHARDS: '20',
      UNDERLABEL_VERIFY: '2GB',
      UNDERLABEL_EXPIRY_DAYS: '30,7,0.5',
    };
    expect(readSettings({}, env, await folder()).walrus).toEqual({
      network: 'custom',
      aggregators: ['https://a.example', 'https://b.example/x'],
      shards: 20,
      verify: { upToBytes: 2_000_000_000 },
      expiryDays: [30, 7, 0.5],
      chain: {
        suiUrl: 'http://127.0.0.1:9000',
        packageConfig: { systemObjectId: '0x1', stakingPoolId: '0x2' },
      },
    });
    const silent = { ...env, UNDERLABEL_SUI_URL: 'off', UNDERLABEL_VERIFY: 'off' };
    expect(readSettings({}, silent, await folder()).walrus).toMatchObject({
      verify: 'off',
      chain: null,
    });
    const { UNDERLABEL_WALRUS_STAKING_POOL: _, ...half } = env;
    const path = await folder();
    expect(() => readSettings({}, half, path)).toThrow(/UNDERLABEL_WALRUS_STAKING_POOL/);
  });

  it.each(['mainnet', 'testnet'])('of %s leave no room for those of another', async (walrus) => {
    const path = await folder();
    const env = { UNDERLABEL_WALRUS: walrus, UNDERLABEL_WALRUS_SHARDS: '20' };
    expect(refusal(() => readSettings({}, env, path))).toContain(
      `UNDERLABEL_WALRUS_SHARDS is for custom networks, and UNDERLABEL_WALRUS is ${walrus}`,
    );
  });

  it('of a network may stay where it is switched off by name', async () => {
    const env = { UNDERLABEL_WALRUS: 'off', UNDERLABEL_AGGREGATORS: 'https://a.example' };
    expect(readSettings({}, env, await folder()).walrus).toBeNull();
  });

  it('come from flags, then variables, then the file', async () => {
    const path = await configured({ port: 1, host: '127.0.0.2', logLevel: 'warn' });
    const env = { UNDERLABEL_PORT: '2', UNDERLABEL_HOST: '127.0.0.3' };
    expect(readSettings({ port: '3' }, env, path)).toMatchObject({
      port: 3,
      host: '127.0.0.3',
      logLevel: 'warn',
    });
  });

  it('read lists and keys; a secret may hold colons', async () => {
    const env = {
      UNDERLABEL_KEYS: `admin:${SECRET}, read:a:b`,
      UNDERLABEL_ALLOW_HOSTS: '127.0.0.1:8080,hub.internal',
    };
    expect(readSettings({}, env, await folder())).toMatchObject({
      keys: [
        { role: 'admin', secret: SECRET },
        { role: 'read', secret: 'a:b' },
      ],
      allowHosts: ['127.0.0.1:8080', 'hub.internal'],
    });
  });

  it('count relative paths from where the person stands', async () => {
    const path = await configured({ credentials: { 'hub.example': { bearerFile: 'token' } } });
    await mkdir(join(path, 'manifests'));
    const env = { UNDERLABEL_ALLOW_FILES: 'manifests', UNDERLABEL_DATA: 'd' };
    expect(readSettings({}, env, path)).toMatchObject({
      dataFolder: join(path, 'd'),
      allowFiles: join(path, 'manifests'),
      credentials: { 'hub.example': { bearerFile: join(path, 'token') } },
    });
  });

  it.each([
    ['UNDERLABEL_PORT', '65536', 'is 65536; accepted: a whole number from 0 to 65535'],
    ['UNDERLABEL_PORT', '0x50', 'is "0x50"; accepted: a whole number'],
    ['UNDERLABEL_LOG_LEVEL', 'loud', 'is "loud"; accepted: one of trace'],
    ['UNDERLABEL_MAX_BODY_BYTES', '16MiB', 'is "16MiB"; accepted: a whole number of bytes'],
    ['UNDERLABEL_HOST', 'http://x', 'is "http://x"; accepted: an address'],
    ['UNDERLABEL_ALLOW_HOSTS', 'a,http://b', '(entry 2) is "http://b"; accepted: hosts'],
    ['UNDERLABEL_READS', '0', 'is 0; accepted: a whole number from 1 to 4096'],
    ['UNDERLABEL_READS_PER_HOST', '1025', 'is 1025; accepted: a whole number from 1 to 1024'],
    ['UNDERLABEL_DEADLINE_INTERVALS', '1', 'is 1; accepted: a whole number from 2 to 1000'],
    ['UNDERLABEL_PING_EVERY', '9s', 'is "9s"; accepted: a duration from 10s to 1d'],
    ['UNDERLABEL_KEEP_ANSWERS', 'always', 'is "always"; accepted: a duration from 1d to 3650d'],
    ['UNDERLABEL_KEEP_ANSWERS', '0d', 'is "0d"; accepted: a duration from 1d to 3650d'],
    ['UNDERLABEL_WALRUS', 'devnet', 'is "devnet"; accepted: off, mainnet, testnet or custom'],
    ['UNDERLABEL_VERIFY', '64', 'is "64"; accepted: off, always, or the size'],
    ['UNDERLABEL_AGGREGATORS', 'ftp://a', '(entry 1) is "ftp://a"; accepted: 1 to 16 https: URLs'],
    [
      'UNDERLABEL_AGGREGATORS',
      'https://me:hunter2@a.example/x',
      '(entry 1) is "https://…@a.example/x"; accepted: 1 to 16 https: URLs without user',
    ],
    [
      'UNDERLABEL_AGGREGATORS',
      'https://b.example,https://a.example/?token=hunter2',
      '(entry 2) is "https://a.example/?…"; accepted: 1 to 16 https: URLs without user',
    ],
    ['UNDERLABEL_AGGREGATORS', 'https://a.example', 'is set and UNDERLABEL_WALRUS is not'],
    [
      'UNDERLABEL_SUI_URL',
      'https://a.example/#x',
      'is "https://a.example/#x"; accepted: an https:',
    ],
    ['UNDERLABEL_WALRUS_SHARDS', '20', 'is set and UNDERLABEL_WALRUS is not'],
    ['UNDERLABEL_SUI_URL', 'node', 'is "node"; accepted: an https: URL of a Sui full node'],
    ['UNDERLABEL_WALRUS_SHARDS', '3', 'is 3; accepted: a whole number from 4'],
    ['UNDERLABEL_EXPIRY_DAYS', '14,x', '(entry 2) is "x"; accepted: up to 8 numbers of days'],
    ['UNDERLABEL_WALRUS', 'custom', 'is custom; it needs UNDERLABEL_AGGREGATORS as well'],
    ['UNDERLABEL_ALLOW_FILES', 'nowhere', 'is "nowhere"; accepted: a folder that exists'],
  ])('stop the start with name, value and what is accepted: %s=%s', async (name, value, text) => {
    const path = await folder();
    expect(refusal(() => readSettings({}, { [name]: value }, path))).toContain(`${name} ${text}`);
  });

  it('name a bad flag as a flag', async () => {
    const path = await folder();
    expect(refusal(() => readSettings({ port: 'x' }, {}, path))).toContain('--port is "x"');
  });

  it('never show a secret, wherever it is wrong', async () => {
    const path = await folder();
    const wrongRole = { UNDERLABEL_KEYS: `admin:fine,boss:${SECRET}` };
    const text = refusal(() => readSettings({}, wrongRole, path));
    expect(text).toContain('UNDERLABEL_KEYS (entry 2) is not right (its value is not shown)');
    for (const url of [`ftp://${SECRET}`, `https://me:${SECRET}@ping.example/`, SECRET]) {
      const refused = refusal(() => readSettings({}, { UNDERLABEL_PING_URL: url }, path));
      expect(refused).toContain('UNDERLABEL_PING_URL is not right (its value is not shown)');
      expect(refused).not.toContain(SECRET);
    }
    const misspelt = { UNDERLABEL_KEYZ: `admin:${SECRET}` };
    const credentials = { credentials: { 'hub.example': { baerer: SECRET } } };
    const broken = `{"credentials": {"hub.example": {"bearer": "${SECRET}" oops}}}`;
    const texts = [
      text,
      refusal(() => readSettings({}, misspelt, path)),
      ...(await Promise.all(
        [credentials, broken, `${SECRET}`].map(async (config) => {
          const at = await configured(config);
          return refusal(() => readSettings({}, {}, at));
        }),
      )),
    ];
    for (const shown of texts) expect(shown).not.toContain(SECRET);
  });

  it('refuse unknown names, and say which was meant', async () => {
    const path = await configured({ prot: 1, allowHost: [] });
    const text = refusal(() =>
      readSettings({}, { UNDERLABEL_PROT: '1', UNDERLABEL_KEY: 'k' }, path),
    );
    expect(text).toContain('UNDERLABEL_PROT is no setting; did you mean UNDERLABEL_PORT?');
    expect(text).toContain(`${CONFIG_FILE}: prot is no setting; did you mean port?`);
    expect(text).toContain('did you mean allowHosts?');
    expect(text).not.toContain('UNDERLABEL_KEY is no setting');
  });

  it('refuse a file that holds no object', async () => {
    const path = await configured([1]);
    expect(refusal(() => readSettings({}, {}, path))).toContain('holds no object');
  });
});
