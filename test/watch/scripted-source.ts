/** A source that answers what a test says, when it says so. */
import { type Source, type SourceAnswer, SourceError } from '../../src/sources/source.ts';
import { blobNamed } from '../http/service-under-test.ts';

type Script = (signal: AbortSignal) => Promise<SourceAnswer> | SourceAnswer;

export class ScriptedSource implements Source {
  host: string;
  reads = 0;
  inFlight = 0;
  mostInFlight = 0;
  script: Script = holding('a');

  constructor(host = 'hub.example') {
    this.host = host;
  }

  async read(signal: AbortSignal): Promise<SourceAnswer> {
    this.reads++;
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      return await this.script(signal);
    } finally {
      this.inFlight--;
    }
  }

  /** From now on reads wait until they are told their answer. @returns which tells it */
  hold(): (script: Script) => void {
    let tell: (script: Script) => void = () => {};
    const told = new Promise<Script>((resolve) => {
      tell = resolve;
    });
    this.script = async (signal) => (await told)(signal);
    return tell;
  }

  /** From now on reads wait until they are let go of, as a fetch does. */
  hang(): void {
    this.script = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
  }
}

export const holding = (artifact: string) => (): SourceAnswer => ({
  files: [{ path: 'model.onnx', blobId: blobNamed(artifact), size: null }],
  seenSince: null,
  raw: null,
});

export const absent = (): SourceAnswer => ({ files: null, seenSince: null, raw: null });

export const failing =
  (retryAfterSeconds: number | null = null) =>
  (): never => {
    throw new SourceError('http-status', 'it answered 503', { retryAfterSeconds });
  };
