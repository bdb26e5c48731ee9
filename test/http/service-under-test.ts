/** A real service on a free port and a folder of its own, ended with the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ServiceSettings, startService } from '../../src/service.ts';

export interface UnderTest {
  url: string;
  folder: string;
  /** Asks the API; a body that is no string is sent as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Asked>;
  close(): Promise<void>;
}

export interface Asked {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever was answered
  json: any;
  text: string;
  headers: Headers;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'underlabel-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function serviceUnderTest(settings: Partial<ServiceSettings> = {}): Promise<UnderTest> {
  const folder = settings.dataFolder ?? (await temporaryFolder());
  const service = await startService({ port: 0, logLevel: 'silent', ...settings, dataFolder: folder });
  let closed = false;
  const close = async () => {
    if (!closed) await service.close();
    closed = true;
  };
  onTestFinished(close);
  return {
    url: service.url,
    folder,
    close,
    async ask(method, path, body, headers = {}) {
      const response = await fetch(service.url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        json: isJson ? JSON.parse(text) : null,
        text,
        headers: response.headers,
      };
    },
  };
}

/** A label's path, encoded. */
export function labelPath(name: string, rest = ''): string {
  return `/api/v1/labels/${encodeURIComponent(name)}${rest}`;
}

/** A canonical Blob ID, one for each name. */
export function blobNamed(name: string): string {
  return Buffer.alloc(32, name).toString('base64url');
}
