/** One reading of objects on Sui: what was asked for, what the full node said, and whether any of it is new. */
import type { ManifestFile } from '../lineage/manifest.ts';
import type { ChainError, ChainErrorCode } from '../walrus/chain/chain-error.ts';
import type { FoundObject } from '../walrus/chain/sui-object.ts';
import type { LastReading, LastReadings } from './last-readings.ts';
import type { SourceAnswer, SourceError, SourceErrorCode } from './source.ts';
import { isBounded } from './sui-json.ts';
import type { SuiReader, SuiWord } from './sui-reader.ts';
import type { SuiVersions } from './sui-versions.ts';
import { Transcript } from './transcript.ts';

interface Asking {
  sui: SuiReader;
  versions: SuiVersions;
  lastReadings: LastReadings;
  /** Whose readings these are; one object a source. */
  owner: object;
  /** Whether the evidence holds the objects' BCS: where that is what is understood. */
  withBcs: boolean;
  signal: AbortSignal;
}

/** A full node states its newest checkpoint a moment after it looked the objects up; Sui makes about four a second. */
const LOOKED_UP_BEFORE_MS = 250;

export class SuiReading {
  readonly #asking: Asking;
  readonly #last: LastReading | null;
  readonly #words = new Map<string, SuiWord>();

  constructor(asking: Asking) {
    this.#asking = asking;
    this.#last = asking.lastReadings.take(asking.owner);
  }

  /** Asks for several at once. @throws SourceError where one can't be read, or what is said of it is over */
  async ask(objectIds: readonly string[]): Promise<void> {
    const { sui, versions, signal } = this.#asking;
    const answers = await sui.readObjects(objectIds, signal);
    for (const answer of answers) {
      if (answer.state === 'failed') throw this.failed(answer.error);
      this.#words.set(answer.objectId, answer);
      const problem = versions.behind(answer);
      if (problem !== null) {
        throw this.failure('stale', answer.objectId, problem, 'Another full node may be closer.');
      }
    }
  }

  /** One object; asks for it where that wasn't done. Null: missing. @throws SourceError as `ask` does; `too-large` */
  async find(objectId: string): Promise<FoundObject | null> {
    if (!this.#words.has(objectId)) await this.ask([objectId]);
    const word = this.#words.get(objectId);
    if (word?.state !== 'found') return null;
    if (isBounded(word.json)) return word;
    throw this.failure(
      'too-large',
      objectId,
      'its JSON is more than is read here',
      'Check the id.',
    );
  }

  /** The last answer, where every object is as it was then: each version is understood once. */
  unchanged(): SourceAnswer | null {
    const understood = this.#last?.said.get(this.#state())?.understood;
    return understood === undefined ? null : this.answer(understood as ManifestFile[] | null);
  }

  /** Ends the reading. */
  answer(files: ManifestFile[] | null): SourceAnswer {
    const { lastReadings, owner, versions } = this.#asking;
    const state = this.#state();
    const raw = this.#last?.said.has(state) ? this.#last.raw : this.transcript().raw();
    const said = { status: 200, etag: null, text: '', understood: files };
    if (raw) lastReadings.keep(owner, { said: new Map([[state, said]]), raw });
    const asOf = this.#asOf();
    versions.readAsOf(asOf);
    return { files, seenSince: asOf === null ? null : asOf - LOOKED_UP_BEFORE_MS, raw };
  }

  /** @param what follows the object's id: '… has no field' */
  failure(
    code: SourceErrorCode,
    objectId: string,
    what: string,
    toDo: string,
    cause?: unknown,
  ): SourceError {
    const message = `object ${objectId} on ${this.#asking.sui.network}: ${what}; so this reading says nothing about the label. ${toDo}`;
    return this.transcript().failure(code, message, { cause });
  }

  failed(cause: ChainError): SourceError {
    const { code, happened, toDo, retryAfterSeconds } = cause;
    const message = `${happened}; so this reading says nothing about the label. ${toDo}`;
    return this.transcript().failure(CODES[code], message, { cause, retryAfterSeconds });
  }

  /** Which objects were read, each with its version and digest: what tells one answer from another. */
  #state(): string {
    return [...this.#words.values()].map(stateOf).sort().join(' ');
  }

  /** Several answers are seen together only since the oldest of them. */
  #asOf(): number | null {
    const times = [...this.#words.values()].flatMap(({ asOf }) => asOf ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** One line of JSON for each object. */
  transcript(): Transcript {
    const transcript = new Transcript();
    for (const word of this.#words.values()) {
      transcript.add(Buffer.from(`${JSON.stringify(this.#evidence(word))}\n`));
    }
    return transcript;
  }

  #evidence(word: SuiWord): object {
    const { sui, withBcs } = this.#asking;
    const said = { network: sui.network, objectId: word.objectId };
    if (word.state === 'missing') return { ...said, missing: true };
    const { version, digest, type, json, content } = word;
    return {
      ...said,
      version,
      digest,
      type,
      ...(isBounded(json) && { json }),
      ...(withBcs && { bcs: Buffer.from(content).toString('base64') }),
    };
  }
}

/** What goes wrong with a chain, as readers of labels name it. */
const CODES: Record<ChainErrorCode, SourceErrorCode> = {
  unreachable: 'unreachable',
  timeout: 'timeout',
  'rate-limited': 'rate-limited',
  unauthorized: 'unauthorized',
  'refused-address': 'refused-address',
  'too-large': 'too-large',
  'bad-answer': 'bad-answer',
  'wrong-network': 'wrong-chain',
  'wrong-type': 'wrong-type',
  'bad-object-id': 'bad-answer',
  'other-blob': 'bad-answer',
  'no-agreement': 'bad-answer',
  'epoch-changed': 'bad-answer',
};

function stateOf(word: SuiWord): string {
  const version = word.state === 'missing' ? 'missing' : `${word.version}:${word.digest}`;
  return `${word.objectId}@${version}`;
}
