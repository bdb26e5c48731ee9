/**
 * A stand-in Model Hub. Its paths are the real one's; the shape of many of its answers is not
 * established anywhere, so each guess that clients must live with is a switch here.
 */
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { ManifestFile } from '../lineage/manifest.ts';
import { type Listening, listen } from './listen.ts';

/** How the hub answers. Change it at any time; the next answer follows it. */
export interface HubAnswers {
  /** Where releases stand: in the model's answer under this key, or at `…/versions` alone. */
  releasesIn: 'versions' | 'releases' | 'latestVersion' | 'path';
  /** A release is a text, or an object with its number under this key. */
  releaseAs: 'text' | 'version' | 'versionString';
  /** Files are a bare list, or `{files: […]}`. */
  filesAs: 'list' | 'object';
  nameKey: 'name' | 'filename' | 'path';
  idKey: 'ipfsCid' | 'blobId' | 'blob_id' | 'cid' | 'modelCid';
  /** Answers carry an ETag, and 304 is answered to those who send it back. */
  etag: boolean;
  /** Seconds in the `Age` header, as from a cache on the way; null: no such header. */
  ageSeconds: number | null;
  /** Answered to every request in place of the real answer; null: nothing wrong. */
  instead: { status: number; contentType: string; body: string } | null;
}

const DEFAULT_ANSWERS: HubAnswers = {
  releasesIn: 'versions',
  releaseAs: 'versionString',
  filesAs: 'list',
  nameKey: 'name',
  idKey: 'ipfsCid',
  etag: true,
  ageSeconds: null,
  instead: null,
};

/** A status with the hub's own error body. */
export function failing(status: number, detail = 'the stand-in hub fails as it was told to') {
  return { status, contentType: 'application/json', body: JSON.stringify({ detail }) };
}

/** A web page with status 200: what a proxy or a sign-in wall gives for any path. */
export const HTML_PAGE = {
  status: 200,
  contentType: 'text/html',
  body: '<!doctype html><title>Model Hub</title>',
};

export interface Hub extends Listening {
  answers: HubAnswers;
  /** The one author of everything here; asked for another author's model, the hub knows none. */
  author: string;
  /** Adds a release, or replaces its files: the real hub says it never does, clients can't know. */
  publish(model: string, version: string, files: readonly ManifestFile[]): void;
  /** Takes away one release, or the whole model. */
  remove(model: string, version?: string): void;
}

type Releases = Map<string, readonly ManifestFile[]>;

export async function startHub(options: { author?: string } = {}): Promise<Hub> {
  const author = options.author ?? 'og';
  const models = new Map<string, Releases>();
  const answers = { ...DEFAULT_ANSWERS };
  const listening = await listen(hubApp(author, models, answers));
  return {
    ...listening,
    author,
    answers,
    publish(model, version, files) {
      models.set(model, (models.get(model) ?? new Map()).set(version, files));
    },
    remove(model, version) {
      if (version === undefined) models.delete(model);
      else models.get(model)?.delete(version);
    },
  };
}

function hubApp(author: string, models: Map<string, Releases>, answers: HubAnswers): Hono {
  const hub = new Hono();
  const withEtag = etag();

  hub.use('/api/*', async (context, next) => {
    if (answers.ageSeconds !== null) context.header('Age', String(answers.ageSeconds));
    if (answers.etag) return withEtag(context, next);
    return next();
  });
  hub.use('/api/*', async (_, next) => {
    if (!answers.instead) return next();
    const { status, contentType, body } = answers.instead;
    return new Response(body, { status, headers: { 'Content-Type': contentType } });
  });

  hub.get('/api/v0/models/', (context) => {
    const first =
      Number(context.req.query('page') ?? 0) * Number(context.req.query('limit') ?? 100);
    const names = [...models.keys()].slice(
      first,
      first + Number(context.req.query('limit') ?? 100),
    );
    return context.json({ models: names.map((name) => modelJson(name, author)) });
  });
  hub.get('/api/v0/models/:model', (context) => {
    const name = context.req.param('model');
    const asked = context.req.query('authorUsername') ?? author;
    const releases = models.get(name);
    if (!releases || asked !== author) return context.json({ detail: 'Model not found' }, 404);
    return context.json({ ...modelJson(name, author), ...releasesJson(releases, answers) });
  });
  hub.get('/api/v0/models/:model/versions', (context) => {
    const releases = models.get(context.req.param('model'));
    if (!releases) return context.json({ detail: 'Model not found' }, 404);
    return context.json([...releases.keys()].map((version) => releaseJson(version, answers)));
  });
  hub.get('/api/v0/models/:model/versions/:version/files', (context) => {
    const files = models.get(context.req.param('model'))?.get(context.req.param('version'));
    if (!files) return context.json({ detail: 'Version not found' }, 404);
    const list = files.map((file) => fileJson(file, answers));
    return context.json(answers.filesAs === 'list' ? list : { files: list });
  });

  // For the gateway alone, outside /api: what it serves must not depend on how the hub answers others.
  hub.get('/internal/models/:model/latest', (context) => {
    const releases = models.get(context.req.param('model'));
    const version = releases && latestOf(releases);
    if (version === undefined) return context.json({ detail: 'Model not found' }, 404);
    return context.json({ version, files: releases!.get(version) });
  });
  return hub;
}

function modelJson(name: string, author: string) {
  return {
    name,
    taskName: 'Risk scoring',
    description: `# ${name}`,
    authorUsername: author,
    authorAddress: '0x0000000000000000000000000000000000000001',
    modelAddress: null,
    tags: [],
    llmPath: null,
  };
}

function releasesJson(releases: Releases, answers: HubAnswers): Record<string, unknown> {
  if (answers.releasesIn === 'path') return {};
  if (answers.releasesIn === 'latestVersion') {
    const latest = latestOf(releases);
    return { latestVersion: latest === undefined ? null : releaseJson(latest, answers) };
  }
  const list = [...releases.keys()].map((version) => releaseJson(version, answers));
  return { [answers.releasesIn]: list };
}

function releaseJson(version: string, { releaseAs }: HubAnswers) {
  return releaseAs === 'text' ? version : { [releaseAs]: version, notes: '' };
}

function fileJson(file: ManifestFile, { nameKey, idKey }: HubAnswers) {
  return { [nameKey]: file.path, [idKey]: file.blobId, size: file.size };
}

function latestOf(releases: Releases): string | undefined {
  const [major, minor] = [0, 1].map((at) => (version: string) => Number(version.split('.')[at]));
  return [...releases.keys()].sort((a, b) => major!(a) - major!(b) || minor!(a) - minor!(b)).at(-1);
}
