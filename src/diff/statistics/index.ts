/**
 * The statistics of a diff, pure: numbers in, numbers out. Every test takes one argument object and
 * gives one result object; no p is 0 or NaN, and where there is nothing to test p is 1. A result that
 * can come about in several ways says which (`method`). Arguments no data could give throw
 * `StatisticsError`. What depends on chance depends on its seed alone.
 */
export { type Adjusted, benjaminiHochberg } from './benjamini-hochberg.ts';
export { bowker } from './bowker.ts';
export { aaCalibration, ciCoverage, type Trial, type TrialName } from './calibration.ts';
export { chi2sf } from './chi-square.ts';
export { type Cmh, cmh } from './cmh.ts';
export { jensenShannon, psi } from './divergence.ts';
export { flipEvalue } from './e-value.ts';
export { levenshtein } from './edit-distance.ts';
export { StatisticsError, type StatisticsErrorCode } from './errors.ts';
export { type ExcessFlips, excessFlipRate } from './excess-flips.ts';
export { fisherExact2x2 } from './fisher.ts';
export {
  type FreemanHalton,
  fisherFreemanHalton,
  fisherFreemanHalton2xk,
} from './freeman-halton.ts';
export { chi2Homogeneity, type Homogeneity } from './homogeneity.ts';
export {
  type Interval,
  pairedPropDiffCI,
  propDiffCI,
  wilsonCI,
  zeroFlipsUpper,
} from './intervals.ts';
export { JsonChanges, jsonChangeRate, type PathChange } from './json-change.ts';
export { ks2, ks2Ties, type TwoSamples } from './ks.ts';
export {
  type InputRuns,
  labelShareSignFlip,
  labelSharesSignFlip,
  type SharesSignFlip,
  sharesChiSquare,
  sharesSignFlip,
  singlesPooled,
} from './label-share.ts';
export { cliffsDelta, type MannWhitney, mannWhitney } from './mann-whitney.ts';
export { type Discordant, mcnemarChi2, mcnemarExact } from './mcnemar.ts';
export { medianDiffCI } from './median-difference.ts';
export { type MedianShift, medianShift } from './median-shift.ts';
export type { Method } from './method.ts';
export {
  type GroupColumns,
  type GroupCount,
  type MixSplit,
  mixOfGroups,
  mixVsBehaviour,
} from './mix.ts';
export { normalSf } from './normal.ts';
export { shownP } from './p-value.ts';
export { type Random, seededRandom } from './random.ts';
export { type SampleSize, sampleSizeMcNemar, sampleSizeTwoProps } from './sample-size.ts';
export { meanDiffCI, shareDiffCI } from './share-difference.ts';
export { pairedPermutationMean, type SignFlip } from './sign-flip.ts';
export { stuartMaxwell } from './stuart-maxwell.ts';
export type { Table } from './table.ts';
export { type UnpairedLabels, unpairedLabels } from './unpaired-labels.ts';
export { numericClose, type TensorDiff, tensorDiff } from './vectors.ts';
export { wasserstein1, wasserstein1Permutation } from './wasserstein.ts';
export { type SignedRank, wilcoxonSignedRank } from './wilcoxon.ts';
export { type WordChange, wordChangeRate } from './word-change.ts';
