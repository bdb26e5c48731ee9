/** The other side of inspect.ts: one file, one answer, and the thread ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Inspection } from './inspection.ts';
import { type FileToInspect, readInspection } from './read-file.ts';

/** `unreadable`: the file system's word; it is no fault of the file's content. */
export type InspectAnswer = { inspection: Inspection } | { unreadable: Error };

function answer(): InspectAnswer {
  try {
    return { inspection: readInspection(workerData as FileToInspect) };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return { unreadable: error };
    throw error;
  }
}

parentPort!.postMessage(answer());
