/** A report as people and pipelines read it, and the words for it. Pure: the same report gives the same text. */

export { type OutputDifference, outputDifference } from '../report/output-difference.ts';
export { toldEffects } from '../report/told-effects.ts';
export {
  longVerdict,
  type Outcome,
  outcomeOfVerdict,
  shortVerdict,
} from '../report/verdict-words.ts';
export { wordDiff } from '../report/word-diff.ts';
export {
  changeText,
  counted,
  digits,
  effectText,
  grouped,
  nameIn,
  percent,
  pointsText,
  probability,
} from '../report/wording.ts';
export { html } from './html.ts';
export { HTML_STYLE } from './html-style.ts';
export { junit } from './junit.ts';
export { markdown } from './markdown.ts';
export {
  askedText,
  caseHead,
  inFamilies,
  leftOutText,
  pairsText,
  SLICE_HEADINGS,
  sliceRow,
  TEST_HEADINGS,
  testRow,
  trafficText,
} from './rows.ts';
