/**
 * The model of the sandbox: a logistic regression that clears a transfer or holds it for a person.
 * Its artifact is one JSON file of weights; the same weights and input give the same answer anywhere.
 */
import { z } from 'zod';

export const MODEL = 'risk-gate';
export const WEIGHTS_FILE = 'risk-gate.json';

export const transfer = z.strictObject({
  amount: z.number().nonnegative(), // EUR
  accountAgeDays: z.int().nonnegative(),
  newPayee: z.boolean(),
  abroad: z.boolean(),
  failedLogins: z.int().nonnegative(), // in the last 24 h
  hour: z.int().min(0).max(23), // local, when it was ordered
});

export type Transfer = z.output<typeof transfer>;

const weights = z.strictObject({
  release: z.string(),
  bias: z.number(),
  amount: z.number(), // for each power of ten
  accountAge: z.number(), // for each year, at most 5
  newPayee: z.number(),
  abroad: z.number(),
  failedLogins: z.number(), // for each, at most 5
  night: z.number(), // between 0 and 6
  holdFrom: z.number(), // the score from which a transfer is held
});

export type Weights = z.output<typeof weights>;

const RELEASE_1_02: Weights = {
  release: '1.02',
  bias: -3.9,
  amount: 0.9,
  accountAge: -0.4,
  newPayee: 0.9,
  abroad: 0.8,
  failedLogins: 0.7,
  night: 0.6,
  holdFrom: 0.5,
};

/** To 1.03 a new payee counts twice as much, and the hour no longer counts. */
const RELEASES: Record<'1.02' | '1.03', Weights> = {
  '1.02': RELEASE_1_02,
  '1.03': { ...RELEASE_1_02, release: '1.03', newPayee: 1.8, night: 0 },
};

export type Release = keyof typeof RELEASES;

/** The artifact's one file, as published. */
export function weightsFile(release: Release): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(RELEASES[release], null, 2)}\n`);
}

/** @throws where the bytes are no weights of this model */
export function parseWeights(bytes: Uint8Array): Weights {
  return weights.parse(JSON.parse(new TextDecoder().decode(bytes)));
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
    model.accountAge * Math.min(input.accountAgeDays / 365, 5) +
    (input.newPayee ? model.newPayee : 0) +
    (input.abroad ? model.abroad : 0) +
    model.failedLogins * Math.min(input.failedLogins, 5) +
    (input.hour < 6 ? model.night : 0);
  const risk = Math.round(10_000 / (1 + Math.exp(-sum))) / 10_000;
  return { decision: risk >= model.holdFrom ? 'HOLD' : 'CLEAR', score: risk };
}
