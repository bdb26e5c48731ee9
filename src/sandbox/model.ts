/**
 * The model of the sandbox: a logistic regression that clears a transfer or holds it for a person.
 * Its artifact is one safetensors file; the same weights and input give the same answer anywhere.
 */
import { z } from 'zod';

export const MODEL = 'risk-gate';
export const WEIGHTS_FILE = 'risk-gate.safetensors';

export const transfer = z.strictObject({
  amount: z.number().nonnegative(), // EUR
  accountAgeDays: z.int().nonnegative(),
  newPayee: z.boolean(),
  abroad: z.boolean(),
  failedLogins: z.int().nonnegative(), // in the last 24 h
  hour: z.int().min(0).max(23), // local, when it was ordered
});

export type Transfer = z.output<typeof transfer>;

/** What each tensor stands for, in the order in which they lie in the file. One number each. */
const COEFFICIENTS = [
  'bias',
  'amount', // for each power of ten
  'account_age', // for each year, at most 5
  'new_payee',
  'abroad',
  'failed_logins', // for each, at most 5
  'night', // between 0 and 6
  'hold_from', // the score from which a transfer is held
] as const;

type Coefficient = (typeof COEFFICIENTS)[number];

/** One that a release has no tensor for is 0. */
export type Weights = Record<Coefficient, number>;

const RELEASE_1_02: Weights = {
  bias: -3.9,
  amount: 0.9,
  account_age: -0.4,
  new_payee: 0.9,
  abroad: 0.8,
  failed_logins: 0.7,
  night: 0.6,
  hold_from: 0.5,
};

/** To 1.03 a new payee counts twice as much, and the hour no longer counts. */
const { night: _, ...RELEASE_1_03 } = { ...RELEASE_1_02, new_payee: 1.8 };
const RELEASES = { '1.02': RELEASE_1_02, '1.03': RELEASE_1_03 };

export type Release = keyof typeof RELEASES;

/** The artifact's one file, as published: safetensors. */
export function weightsFile(release: Release): Uint8Array {
  const held = Object.entries(RELEASES[release]);
  const tensors = held.map(([name], i) => {
    return [name, { dtype: 'F64', shape: [1], data_offsets: [8 * i, 8 * i + 8] }];
  });
  const metadata = { release, framework: 'logistic regression' };
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(tensors) });
  // The values begin at a multiple of 8.
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const values = Buffer.from(Float64Array.from(held, ([, value]) => value).buffer);
  return new Uint8Array(Buffer.concat([length, header, values]));
}

const tensor = z.object({
  dtype: z.literal('F64'),
  shape: z.tuple([z.literal(1)]),
  data_offsets: z.tuple([z.int(), z.int()]),
});

/** @throws where the bytes are no weights of this model */
export function parseWeights(bytes: Uint8Array): Weights {
  const file = Buffer.from(bytes);
  const start = 8 + Number(file.readBigUInt64LE());
  const header: unknown = JSON.parse(file.toString('utf8', 8, start));
  const tensors = z.record(z.string(), z.unknown()).parse(header);
  const coefficient = (name: Coefficient) => {
    if (!(name in tensors)) return 0;
    return file.readDoubleLE(start + tensor.parse(tensors[name]).data_offsets[0]);
  };
  const values = COEFFICIENTS.map((name): [Coefficient, number] => [name, coefficient(name)]);
  return Object.fromEntries(values) as Weights;
}

export interface Score {
  decision: 'CLEAR' | 'HOLD';
  /** 0 to 1, in steps of 0.0001. */
  score: number;
}

export function score(model: Weights, input: Transfer): Score {
  const sum =
    model.bias +
    model.amount * Math.log10(1 + input.amount) +
    model.account_age * Math.min(input.accountAgeDays / 365, 5) +
    (input.newPayee ? model.new_payee : 0) +
    (input.abroad ? model.abroad : 0) +
    model.failed_logins * Math.min(input.failedLogins, 5) +
    (input.hour < 6 ? model.night : 0);
  const risk = Math.round(10_000 / (1 + Math.exp(-sum))) / 10_000;
  return { decision: risk >= model.hold_from ? 'HOLD' : 'CLEAR', score: risk };
}
