/** Bodies of status 200 that a source must not take for an artifact, nor for absence. */
import { readFileSync } from 'node:fs';
import type { Speak } from '../fetch/raw-server.ts';
import {
  type Hostile,
  http,
  LIE,
  LIE_ID,
  LIE_TEXT,
  named,
  type Row,
  TRUE_ID,
} from './hostile-answers.ts';

const facts = JSON.parse(
  readFileSync(new URL('../vectors/opengradient/model-hub.json', import.meta.url), 'utf8'),
) as { id_negative: { v: string }[] };
const FOREIGN_IDS = facts.id_negative.map(({ v }) => v);

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Bodies of status 200 that say nothing about any label, whatever its source. */
export const BODIES: Hostile[] = named(
  (
    [
      ['nothing', '', 'not-json', 'is not JSON'],
      ['a space', ' ', 'not-json'],
      ['HTML', '<!doctype html><title>Hub</title>', 'not-json', 'HTML'],
      ['HTML after a line', '\n <html>Sign in to the network</html>', 'not-json', 'HTML'],
      ['XML', '<?xml version="1.0"?><Error/>', 'not-json', 'HTML'],
      ['half the JSON', '{"files": [', 'not-json'],
      ['JSON with more after it', `${LIE_TEXT}x`, 'not-json'],
      ['two JSONs', LIE_TEXT + LIE_TEXT, 'not-json'],
      ['JSON with a comment', `${LIE_TEXT} // ok`, 'not-json'],
      ['JavaScript', `callback(${LIE_TEXT})`, 'not-json'],
      ['a guard before the JSON', `)]}'\n${LIE_TEXT}`, 'not-json'],
      ['single quotes', LIE_TEXT.replaceAll('"', "'"), 'not-json'],
      ['NaN', '{"files": NaN}', 'not-json'],
      ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'not-json', 'UTF-8'],
      [
        'invalid UTF-8 in a path',
        Buffer.from(LIE_TEXT.replace('onnx', '\xff'), 'latin1'),
        'not-json',
        'UTF-8',
      ],
      ['UTF-16', Buffer.from(`\ufeff${LIE_TEXT}`, 'utf16le'), 'not-json'],
      ['NUL bytes', Buffer.alloc(1000), 'not-json'],
      ['null', 'null', 'unknown-shape'],
      ['a text', '"absent"', 'unknown-shape'],
      ['a number', '7', 'unknown-shape'],
      ['true', 'true', 'unknown-shape'],
      ['an empty list', '[]', 'unknown-shape'],
      ['an empty object', '{}', 'unknown-shape'],
      ['a list of artifacts', [LIE, LIE], 'unknown-shape'],
      ['an artifact in an envelope', { data: LIE }, 'unknown-shape'],
      ['an error under detail', { detail: 'Internal error' }, 'unknown-shape'],
      ['an error under error', { error: 'oops' }, 'unknown-shape'],
      ['an error that is an object', { error: { code: 7, message: 'oops' } }, 'unknown-shape'],
      ['an error under both', { error: 'oops', detail: 'more' }, 'unknown-shape'],
      ['an error under message', { message: 'oops', status: 500 }, 'unknown-shape'],
      ['problem details', { type: 'about:blank', title: 'Oops', status: 500 }, 'unknown-shape'],
      ['brackets that never close', '['.repeat(500_000), 'unknown-shape', 'deep'],
      ['brackets that close at last', deep(100_000), 'unknown-shape', 'deep'],
      ['brackets under files', `{"files":${deep(100_000)}}`, 'unknown-shape', 'deep'],
      ['nesting just past the limit', `{"x":${deep(200)}}`, 'unknown-shape', 'deep'],
      ['a lie in the prototype', `{"__proto__":${LIE_TEXT}}`, 'unknown-shape'],
      ['absence in the prototype', '{"__proto__":{"absent":true}}', 'unknown-shape'],
      ['one key twice', `{"files":[],${LIE_TEXT.slice(1)}`, 'unknown-shape', 'twice'],
      [
        'one key twice, spelt otherwise',
        `{"\\u0066iles":[],${LIE_TEXT.slice(1)}`,
        'unknown-shape',
        'twice',
      ],
      ['one key twice, far inside', `{"files":[{"a":{"b":1,"b":2}}]}`, 'unknown-shape', 'twice'],
    ] as [string, unknown, string, string?][]
  ).map(([name, body, code, words]): Row => [name, http(200, body), code, words]),
);

const one = (file: unknown) => ({ files: [{ path: 'ok', blobId: LIE_ID }, file] });
const path = (value: unknown) => one({ path: value, blobId: LIE_ID });
const id = (value: unknown) => one({ path: 'x', blobId: value });
const size = (value: unknown) => one({ path: 'x', blobId: LIE_ID, size: value });

/** A manifest with something wrong at each of its fields. */
export const MANIFESTS: Hostile[] = named(
  (
    [
      ['a bare list', [{ path: 'x', blobId: LIE_ID }], 'unknown-shape', 'expected'],
      ['files that are an object', { files: { a: LIE_ID } }, 'unknown-shape', 'expected'],
      ['files that are a text', { files: LIE_ID }, 'unknown-shape'],
      ['files that are a number', { files: 1 }, 'unknown-shape'],
      ['files that are null', { files: null }, 'unknown-shape'],
      ['no files', { files: [] }, 'no-files', '"absent": true'],
      ['Files', { Files: LIE.files }, 'unknown-shape'],
      ['absent as a text', { absent: 'true' }, 'unknown-shape'],
      ['absent as a number', { absent: 1 }, 'unknown-shape'],
      ['absent as null', { absent: null }, 'unknown-shape'],
      ['absent in a list', { absent: [true] }, 'unknown-shape'],
      ['not absent, and nothing else', { absent: false }, 'unknown-shape'],
      ['files and absence at once', { ...LIE, absent: true }, 'bad-manifest', 'at once'],
      ['no files and absence at once', { files: [], absent: true }, 'bad-manifest', 'at once'],
      ['null files and absence at once', { files: null, absent: true }, 'bad-manifest', 'at once'],
      ['a file that is a text', one(LIE_ID), 'bad-manifest', 'files[1]'],
      ['a file that is null', one(null), 'bad-manifest', 'files[1]'],
      ['a file that is a list', one(['x', LIE_ID]), 'bad-manifest', 'files[1]'],
      ['a file that is empty', one({}), 'bad-manifest', 'files[1].path'],
      [
        'a file in the prototype',
        `{"files":[{"__proto__":${JSON.stringify(LIE.files[0])}}]}`,
        'bad-manifest',
        'files[0].path',
      ],
      [
        'more files than there can be',
        { files: Array.from({ length: 10_001 }, (_, n) => ({ path: `${n}`, blobId: LIE_ID })) },
        'bad-manifest',
      ],
      ['no path', one({ blobId: LIE_ID }), 'bad-manifest', 'files[1].path'],
      ['a path that is a number', path(7), 'bad-manifest', 'files[1].path'],
      ['a path that is null', path(null), 'bad-manifest', 'files[1].path'],
      ['a path that is a list', path(['x']), 'bad-manifest', 'files[1].path'],
      ['an empty path', path(''), 'bad-manifest', 'empty'],
      ['an escaping path', path('../x'), 'bad-manifest', 'files[1].path'],
      ['a back-slashed escape', path('a\\..\\x'), 'bad-manifest', 'path'],
      ['an absolute path', path('/etc/passwd'), 'bad-manifest', 'absolute'],
      ['a path with a drive', path('C:\\x'), 'bad-manifest', 'absolute'],
      ['a path with a line in it', path('x\ny'), 'bad-manifest', 'control'],
      ['a path with a NUL', path('x\0'), 'bad-manifest', 'control'],
      ['half a character in a path', '{"files":[{"path":"\\ud800","blobId":"x"}]}', 'bad-manifest'],
      ['an endless path', path('x'.repeat(100_000)), 'bad-manifest', 'longer'],
      ['a path twice', path('ok'), 'bad-manifest', 'files[0]'],
      ['no Blob ID', one({ path: 'x' }), 'bad-manifest', 'files[1].blobId'],
      ['a Blob ID that is a number', id(7), 'foreign-id', 'files[1].blobId'],
      ['a Blob ID that is null', id(null), 'foreign-id', 'files[1].blobId'],
      ['a Blob ID that is a list', id([LIE_ID]), 'foreign-id', 'files[1].blobId'],
      ['an empty Blob ID', id(''), 'foreign-id', 'files[1].blobId'],
      ['a Blob ID with padding', id(`${LIE_ID}=`), 'foreign-id', LIE_ID],
      ['a Blob ID with a space', id(` ${LIE_ID}`), 'foreign-id'],
      ['stray bits in a Blob ID', id(strayed(LIE_ID)), 'foreign-id', LIE_ID],
      ['standard base64', id(Buffer.alloc(32, 0xff).toString('base64')), 'foreign-id', 'canonical'],
      ['a Blob ID in hex', id('ab'.repeat(32)), 'foreign-id'],
      ['a Blob ID cut short', id(LIE_ID.slice(1)), 'foreign-id'],
      ['a CID', id(`Qm${'a'.repeat(44)}`), 'foreign-id', 'files[1].blobId'],
      ['an endless Blob ID', id('a'.repeat(100_000)), 'foreign-id'],
      ['a size below nought', size(-1), 'bad-manifest', 'files[1].size'],
      ['half a byte', size(1.5), 'bad-manifest', 'files[1].size'],
      ['a size that is a text', size('7'), 'bad-manifest', 'files[1].size'],
      ['a size that is an object', size({}), 'bad-manifest', 'files[1].size'],
      ['a size past counting', size(2 ** 60), 'bad-manifest', 'files[1].size'],
      [
        'a size without end',
        `{"files":[{"path":"x","blobId":"${LIE_ID}","size":1e999}]}`,
        'bad-manifest',
        'files[0].size',
      ],
    ] as [string, unknown, string, string?][]
  ).map(([name, body, code, words]): Row => [name, http(200, body), code, words]),
);

/** The same 32 bytes to a lenient reader, in other characters. */
function strayed(blobId: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return blobId.slice(0, -1) + alphabet[alphabet.indexOf(blobId.at(-1)!) + 1];
}

const MODEL = '/api/v0/models/eth';
export const HUB_TRUTH = {
  model: { name: 'eth', authorUsername: 'og', versions: ['1.00'] },
  list: ['1.00'],
  files: [{ name: 'model.onnx', ipfsCid: TRUE_ID }],
};
const HUB_LIE = { ...HUB_TRUTH, files: [{ name: 'model.onnx', ipfsCid: LIE_ID }] };

/** A hub that answers so about the one model it has. */
export function hub(says: Partial<Record<keyof typeof HUB_TRUTH, unknown>>, headers = {}): Speak {
  const { model, list, files } = { ...HUB_LIE, ...says };
  return (socket, request) => {
    const path = request.split(' ')[1]!.split('?')[0]!;
    const rest = path.startsWith(MODEL) ? path.slice(MODEL.length) : null;
    const content = rest === '' ? model : rest === '/versions' ? list : files;
    const known =
      content !== undefined && (rest === '' || /^\/versions(\/[^/]+\/files)?$/.test(rest ?? ''));
    (known ? http(200, content, headers) : http(404, { detail: 'Not found' }))(socket, request);
  };
}

const x = HUB_LIE.files[0]!;
const CID = `Qm${'a'.repeat(44)}`;

/** A Model Hub with something wrong at each of its fields, or another model's data. */
export const HUBS: Hostile[] = named(
  (
    [
      [
        'another model',
        { model: { name: 'btc', versions: ['1.00'] } },
        'unknown-shape',
        'answered about',
      ],
      [
        'another author',
        { model: { name: 'eth', authorUsername: 'mallory', versions: ['1.00'] } },
        'unknown-shape',
        'answered about',
      ],
      [
        'a model whose name is a number',
        { model: { name: 7, versions: ['1.00'] } },
        'unknown-shape',
        'answered about',
      ],
      [
        'a list of models',
        { model: [{ name: 'eth', versions: ['1.00'] }] },
        'unknown-shape',
        'one model',
      ],
      ['no list of releases', { model: {}, list: undefined }, 'http-status', '404'],
      ['no files of the release', { files: undefined }, 'http-status', '404'],
      [
        'releases that are numbers, which have lost their zeros',
        { model: { versions: [1.1, 1.2] } },
        'unknown-shape',
      ],
      ['a release that is null', { model: { versions: ['1.00', null] } }, 'unknown-shape'],
      [
        'a release without a version',
        { model: { versions: ['1.00', { id: 7 }] } },
        'unknown-shape',
      ],
      ['releases that are an object', { model: { versions: { a: '1.00' } } }, 'unknown-shape'],
      ['releases that are a text', { model: { versions: '1.00' } }, 'unknown-shape'],
      ['releases that are not major.minor', { model: { versions: ['v1', 'v2'] } }, 'unknown-shape'],
      ['two spellings of one number', { model: { versions: ['0.6', '0.06'] } }, 'unknown-shape'],
      [
        'a release past counting',
        { model: { versions: ['1.00', `1.${'9'.repeat(400)}`] } },
        'unknown-shape',
      ],
      ['a latestVersion that is a number', { model: { latestVersion: 1.1 } }, 'unknown-shape'],
      ['a latestVersion that leads elsewhere', { model: { latestVersion: '..' } }, 'unknown-shape'],
      [
        'a list of releases that is none',
        { model: {}, list: { items: ['1.00'] } },
        'unknown-shape',
      ],
      [
        'an error in place of the releases',
        { model: {}, list: { detail: 'oops' } },
        'unknown-shape',
      ],
      ['a model without any release', { model: { versions: [] }, list: [] }, 'no-files'],
      ['files that are an object', { files: { items: [x] } }, 'unknown-shape', 'expected'],
      ['files that are a text', { files: { files: 'x' } }, 'unknown-shape', 'expected'],
      ['no files', { files: [] }, 'no-files', 'no files'],
      [
        'an error in place of the files',
        { files: { error: 'oops', detail: 'more' } },
        'unknown-shape',
        'error',
      ],
      [
        'HTML in place of the files',
        { files: '<!doctype html><title>Hub</title>' },
        'not-json',
        'HTML',
      ],
      ['a file that is a text', { files: [LIE_ID] }, 'unknown-shape', 'no name'],
      ['a file that is null', { files: [null] }, 'unknown-shape', 'no name'],
      ['a file without a name', { files: [{ ipfsCid: LIE_ID }] }, 'unknown-shape', 'no name'],
      [
        'a name that is a number',
        { files: [{ name: 7, ipfsCid: LIE_ID }] },
        'unknown-shape',
        'no name',
      ],
      [
        'an escaping name',
        { files: [{ name: '../x', ipfsCid: LIE_ID }] },
        'bad-manifest',
        '[0].name',
      ],
      [
        'one name twice',
        { files: [x, { path: 'model.onnx', cid: TRUE_ID }] },
        'bad-manifest',
        '[1].path',
      ],
      [
        'a file without a known id',
        { files: [{ name: 'y', hash: LIE_ID }] },
        'unknown-shape',
        'no id',
      ],
      ['two different ids', { files: [{ ...x, blobId: TRUE_ID }] }, 'unknown-shape', 'different'],
      ['a legacy id', { files: [x, { name: 'y', ipfsCid: CID }] }, 'foreign-id', '[1].ipfsCid'],
      ['an empty id', { files: [{ name: 'y', ipfsCid: '' }] }, 'foreign-id', '[0].ipfsCid'],
      ['a null id', { files: [{ name: 'y', ipfsCid: null }] }, 'foreign-id', '[0].ipfsCid'],
      [
        'an id that is a number',
        { files: [{ name: 'y', ipfsCid: 7 }] },
        'foreign-id',
        '[0].ipfsCid',
      ],
      [
        'an id that is a list',
        { files: [{ name: 'y', ipfsCid: [LIE_ID] }] },
        'foreign-id',
        '[0].ipfsCid',
      ],
      ...FOREIGN_IDS.map((ipfsCid) => [
        `the id ${JSON.stringify(ipfsCid)}`,
        { files: [{ name: 'y', ipfsCid }] },
        'foreign-id',
      ]),
    ] as [string, Parameters<typeof hub>[0], string, string?][]
  ).map(([name, says, code, words]): Row => [name, hub(says), code, words]),
);
