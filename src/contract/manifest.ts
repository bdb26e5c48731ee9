/** The files of an artifact, as people and sources state them. */
import { z } from 'zod';
import { blobId } from './names.ts';

const MAX_PATH = 1024;
const MAX_FILES = 10_000;

/** Why a path can't stand in a manifest, or null. Back-slashes separate too: what escapes on one system escapes. */
export function pathProblem(path: string): string | null {
  if (path.length === 0) return 'is empty';
  if (path.length > MAX_PATH) return `is longer than ${MAX_PATH} characters`;
  if (!path.isWellFormed()) return 'holds a lone surrogate';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'holds a control character';
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(path)) return 'is absolute; give it relative to the model';
  const segments = path.split(/[/\\]/);
  if (segments.includes('.') || segments.includes('..')) return "has a '.' or '..' segment";
  if (segments.includes('')) return 'has an empty segment';
  return null;
}

export const filePath = z.string().superRefine((path, context) => {
  const problem = pathProblem(path);
  if (problem) context.addIssue({ code: 'custom', message: `the path ${problem}` });
});

const size = z
  .int()
  .nonnegative()
  .nullish()
  .transform((bytes) => bytes ?? null);

export const manifestFile = z.strictObject({ path: filePath, blobId, size });

/** One file or more, each path once. */
export const manifestFiles = z
  .array(manifestFile)
  .min(1, 'an artifact has at least one file; say {"absent": true} where there is none')
  .max(MAX_FILES)
  .superRefine((files, context) => {
    const seen = new Map<string, number>();
    files.forEach(({ path }, index) => {
      const earlier = seen.get(path);
      if (earlier === undefined) seen.set(path, index);
      else {
        const message = `${JSON.stringify(path)} is also the path of files[${earlier}]`;
        context.addIssue({ code: 'custom', path: [index, 'path'], message });
      }
    });
  });
