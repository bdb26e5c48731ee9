/**
 * The calls that a stand-in Sui answers: what `SuiGrpcClient` needs to read objects, their dynamic
 * fields and the events of a transaction. Any other call is UNIMPLEMENTED, as the protocol has it.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import { isValidSuiObjectId, parseStructTag } from '@mysten/sui/utils';
import type { Context } from 'hono';
import { answerUnary, type Codec, GrpcRefusal, refusal, STATUS } from './grpc-web.ts';
import type { Json, SuiLedger, SuiObject, SuiOwner } from './sui-ledger.ts';

/** More than this in one call is refused, as full nodes refuse it. */
const MOST_IN_A_BATCH = 50;
const FIELDS_A_PAGE = 50;

type Call = (context: Context) => Promise<Response>;

/** @param chainId what tells this chain from others @returns by `service/method`, without the package */
export function suiCalls(ledger: SuiLedger, chainId: string): ReadonlyMap<string, Call> {
  return new Map([
    ...call('LedgerService/GetServiceInfo', GrpcTypes.GetServiceInfoRequest)(
      GrpcTypes.GetServiceInfoResponse,
      () => ({ chainId, chain: 'standin', server: 'stand-in/1' }),
    ),
    ...call('LedgerService/GetObject', GrpcTypes.GetObjectRequest)(
      GrpcTypes.GetObjectResponse,
      ({ objectId, readMask }) => ({ object: message(found(ledger, objectId), readMask?.paths) }),
    ),
    ...call('LedgerService/BatchGetObjects', GrpcTypes.BatchGetObjectsRequest)(
      GrpcTypes.BatchGetObjectsResponse,
      ({ requests, readMask }) => {
        if (requests.length > MOST_IN_A_BATCH) {
          const most = `at most ${MOST_IN_A_BATCH} objects can be read in one call`;
          throw new GrpcRefusal('INVALID_ARGUMENT', most);
        }
        return { objects: requests.map((one) => result(ledger, one.objectId, readMask?.paths)) };
      },
    ),
    ...call('LedgerService/GetTransaction', GrpcTypes.GetTransactionRequest)(
      GrpcTypes.GetTransactionResponse,
      ({ digest }) => ({ transaction: transaction(ledger, digest) }),
    ),
    ...call('StateService/ListDynamicFields', GrpcTypes.ListDynamicFieldsRequest)(
      GrpcTypes.ListDynamicFieldsResponse,
      (question) => dynamicFields(ledger, question),
    ),
  ]);
}

function call<Question>(name: string, question: Codec<Question>) {
  return <Answer>(
    answer: Codec<Answer>,
    give: (question: Question) => Answer,
  ): [string, Call][] => [[name, (context) => answerUnary(context, { question, answer }, give)]];
}

/** The answer to a call that isn't known here. */
export function unimplemented(name: string): Response {
  return refusal(new GrpcRefusal('UNIMPLEMENTED', `the stand-in does not know ${name}`));
}

function found(ledger: SuiLedger, objectId = ''): SuiObject {
  if (!isValidSuiObjectId(objectId)) {
    throw new GrpcRefusal('INVALID_ARGUMENT', `invalid object_id: ${objectId}`);
  }
  const object = ledger.get(objectId);
  if (!object) throw new GrpcRefusal('NOT_FOUND', `Object ${objectId} not found`);
  return object;
}

/** In a batch, one that isn't there is its own error; one that can't be there fails the call. */
function result(ledger: SuiLedger, objectId: string | undefined, paths?: readonly string[]) {
  try {
    const object = message(found(ledger, objectId), paths);
    return { result: { oneofKind: 'object' as const, object } };
  } catch (error) {
    if (!(error instanceof GrpcRefusal) || error.status !== 'NOT_FOUND') throw error;
    const status = { code: STATUS.NOT_FOUND, message: error.message, details: [] };
    return { result: { oneofKind: 'error' as const, error: status } };
  }
}

const DEFAULT_PATHS = ['object_id', 'version', 'digest'];

/** What of an object is asked for with `paths`. */
function message(object: SuiObject, paths: readonly string[] = DEFAULT_PATHS): GrpcTypes.Object {
  const asked = (path: string) => paths.includes(path);
  const plain = asked('json') ? GrpcTypes.Object.fromJson({ json: object.json }) : {};
  return {
    ...plain,
    objectId: object.objectId,
    version: object.version,
    digest: object.digest,
    ...(asked('object_type') && { objectType: object.type }),
    ...(asked('owner') && { owner: ownerMessage(object.owner) }),
    ...(asked('contents') && { contents: { name: object.type, value: object.content } }),
    ...(asked('previous_transaction') && { previousTransaction: object.previousTransaction }),
  };
}

function ownerMessage(owner: SuiOwner): GrpcTypes.Owner {
  if (owner === 'shared') return { kind: GrpcTypes.Owner_OwnerKind.SHARED, version: 1n };
  if (owner === 'immutable') return { kind: GrpcTypes.Owner_OwnerKind.IMMUTABLE };
  if ('object' in owner) return { kind: GrpcTypes.Owner_OwnerKind.OBJECT, address: owner.object };
  return { kind: GrpcTypes.Owner_OwnerKind.ADDRESS, address: owner.address };
}

function transaction(ledger: SuiLedger, digest = ''): GrpcTypes.ExecutedTransaction {
  const events = ledger.eventsOf(digest);
  if (!events) throw new GrpcRefusal('NOT_FOUND', `Transaction ${digest} not found`);
  const executed = GrpcTypes.ExecutedTransaction.create({
    digest,
    effects: { status: { success: true } },
  });
  return {
    ...executed,
    events: {
      events: events.map(({ type, content, json = null }): GrpcTypes.Event => {
        const { address, module } = parseStructTag(type);
        return {
          ...jsonOf(json),
          packageId: address,
          module,
          sender: address,
          eventType: type,
          contents: { name: type, value: content },
        };
      }),
    },
  };
}

function jsonOf(json: Json): Pick<GrpcTypes.Event, 'json'> {
  const { json: value } = GrpcTypes.Event.fromJson({ json });
  return value === undefined ? {} : { json: value };
}

function dynamicFields(
  ledger: SuiLedger,
  { parent = '', pageSize, pageToken, readMask }: GrpcTypes.ListDynamicFieldsRequest,
): GrpcTypes.ListDynamicFieldsResponse {
  const all = ledger.ownedBy(parent);
  const first = pageToken ? Buffer.from(pageToken).readUInt32BE() : 0;
  const end = first + Math.min(pageSize ?? FIELDS_A_PAGE, FIELDS_A_PAGE);
  const next = Buffer.alloc(4);
  next.writeUInt32BE(end);
  const withValue = readMask?.paths.includes('value') ?? false;
  return {
    dynamicFields: all.slice(first, end).map((field) => fieldMessage(parent, field, withValue)),
    ...(end < all.length && { nextPageToken: next }),
  };
}

/** A field object is its own id, the name, the value; only names of `u64` and `vector<u8>` are held here. */
function fieldMessage(parent: string, field: SuiObject, withValue: boolean) {
  const [name, value] = parseStructTag(field.type).typeParams;
  const content = Buffer.from(field.content);
  const nameLength = name === 'u64' ? 8 : 1 + content.readUInt8(32);
  const valueType = field.type.slice(field.type.indexOf(',') + 1, -1).trim();
  return GrpcTypes.DynamicField.create({
    kind: GrpcTypes.DynamicField_DynamicFieldKind.FIELD,
    parent,
    fieldId: field.objectId,
    name: { name: String(name), value: content.subarray(32, 32 + nameLength) },
    valueType: typeof value === 'string' ? value : valueType,
    ...(withValue && { value: { name: valueType, value: content.subarray(32 + nameLength) } }),
  });
}
