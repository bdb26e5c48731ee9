/** A real service on a free port and a folder of its own, ended with the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type ServiceSettings, startService } from '../../src/service.ts';

export interface UnderTest {
  url: string;
  folder: string;
  /** Asks the API; a body that is no string is sent as JSON. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Asked>;
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

/** A service for one test. */
export async function serviceUnderTest(
  settings: Partial<ServiceSettings> = {},
): Promise<UnderTest> {
  const folder = settings.dataFolder ?? (await temporaryFolder());
  const service = await begin({ ...settings, dataFolder: folder });
  onTestFinished(service.close);
  return service;
}

/** A service for all tests of the file or `describe` that calls this; they keep apart by label name. */
export function sharedService(settings: Partial<ServiceSettings> = {}): UnderTest {
  const service = {} as UnderTest;
  beforeAll(async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'underlabel-test-'));
    Object.assign(service, await begin({ ...settings, dataFolder }));
  });
  afterAll(async () => {
    await service.close();
    await rm(service.folder, { recursive: true, force: true });
  });
  return service;
}

async function begin(
  settings: Partial<ServiceSettings> & { dataFolder: string },
): Promise<UnderTest> {
  const service = await startService({ port: 0, logLevel: 'silent', ...settings });
  let closed = false;
  return {
    url: service.url,
    folder: settings.dataFolder,
    async close() {
      if (!closed) await service.close();
      closed = true;
    },
    ask: (method, path, body, headers = {}) => ask(service.url + path, method, body, headers),
  };
}

export async function ask(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Asked> {
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { ...(sent === null ? {} : { 'content-type': 'application/json' }), ...headers },
    body: sent,
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const json = isJson && text !== '' ? JSON.parse(text) : null;
  return { status: response.status, json, text, headers: response.headers };
}

/** A label's path, encoded. */
export function labelPath(name: string, rest = ''): string {
  return `/api/v1/labels/${encodeURIComponent(name)}${rest}`;
}

/** A canonical Blob ID, one for each name. */
export function blobNamed(name: string): string {
  return Buffer.alloc(32, name).toString('base64url');
}

/** The files of an artifact of one blob, one for each name. */
export function filesNamed(name: string): { path: string; blobId: string }[] {
  return [{ path: 'model.onnx', blobId: blobNamed(name) }];
}
