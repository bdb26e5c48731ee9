/** A file → what is inside. Synchronous and at the mercy of the file: for a thread that can be ended. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { FileWindow, WINDOW_BYTES } from './file-window.ts';
import { type Format, formatByName, formatByStart, START_BYTES } from './format.ts';
import type { InspectedFile } from './inspected-file.ts';
import type { Inspection } from './inspection.ts';
import { InspectionError, tooMuch } from './inspection-error.ts';
import { readOnnx } from './onnx.ts';
import { headerEnd, LENGTH_BYTES, readSafetensors } from './safetensors.ts';

export type FileToInspect = Omit<InspectedFile, 'signal'>;

/** @throws Error of the file system where the file can't be read; nothing else, whatever it holds */
export function readInspection({ file, name, size }: FileToInspect): Inspection {
  const fd = openSync(file, 'r');
  try {
    const window = new FileWindow(fd, Math.min(size, fstatSync(fd).size));
    const named = formatByName(name);
    const format = named ?? formatByStart(window.from(0, START_BYTES), size);
    if (!format) return { format: 'unknown' };
    try {
      return inspectionOf(format, window, size);
    } catch (error) {
      if (!(error instanceof InspectionError)) throw error;
      // Where only its first bytes looked like it, it is none after all.
      if (!named && error.code === 'malformed') return { format: 'unknown' };
      return { format, error: { code: error.code, message: error.message } };
    }
  } finally {
    closeSync(fd);
  }
}

function inspectionOf(format: Format, window: FileWindow, size: number): Inspection {
  if (format === 'safetensors') return readSafetensors(headerBytes(window, size), size);
  if (window.size < size) {
    throw tooMuch(
      `only its first ${window.size} of ${size} bytes are here, and ONNX tells what it holds all over the file`,
    );
  }
  return readOnnx(window);
}

function headerBytes(window: FileWindow, size: number): Buffer {
  const end = headerEnd(window.from(0, LENGTH_BYTES), size);
  if (end > window.size) {
    throw tooMuch(`its header ends after ${end} bytes, and only ${window.size} are here`);
  }
  if (end <= WINDOW_BYTES) return window.from(0, end);
  const bytes = Buffer.alloc(end);
  let at = 0;
  window.eachPiece(0, end, (piece) => {
    at += piece.copy(bytes, at);
  });
  return bytes;
}
