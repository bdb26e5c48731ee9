/** Which label the traces of spans belong to: a rule from outside, and the facts it goes by. */
import type { BlobId } from '../lineage/manifest.ts';

/** The few facts that decide on a label. Stored narrowly, they are all it takes to map a trace anew. */
export interface LabelFacts {
  /** `service.name` of the resource. */
  service: string | null;
  provider: string | null;
  requestModel: string | null;
  responseModel: string | null;
  /** `underlabel.label`, where it is a label's name. */
  declaredLabel: string | null;
  /** `underlabel.blob_id`, in canonical form. */
  blobId: BlobId | null;
}

/** Where a span came from: what decides on its label besides the blob it names. */
export type Origin = Omit<LabelFacts, 'blobId'>;

/** Why a trace has its label: it was sent with it, or its span names it, its blob, or its models. */
export type LabelBy = 'given' | 'declared' | 'blob' | 'rule' | 'model';

/** A label for an origin; null: none maps it. */
export type MappedLabel = { label: string; by: Exclude<LabelBy, 'given' | 'blob'> } | null;

/** The rules of the day, blobs aside. Pure. @param isLabel whether a label of that name is registered */
export type Mapper = (origin: Origin, isLabel: (name: string) => boolean) => MappedLabel;

/** The unmapped traces of one origin. */
export interface UnmappedOrigin {
  id: number;
  origin: Origin;
  traces: number;
  /** When the last of them began. */
  lastStartedAt: number;
}

/** A name that traces stand under, and that nobody registered as a label: nothing reads what is there. */
export interface UnregisteredLabel {
  label: string;
  /** How many traces; counted no further than to 10,000. */
  traces: number;
  /** There are more than were counted. */
  moreTraces: boolean;
  /** When the first and the last of them began. */
  firstStartedAt: number;
  lastStartedAt: number;
  /** Of the last of them: why it has this label, and where it came from (null: it was no span). */
  labelBy: LabelBy;
  origin: Origin | null;
}
