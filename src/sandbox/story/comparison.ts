/** Tuesday against Thursday: what differs between the two periods, and nothing about why. */
import type { Report } from '../../contract/diff.ts';
import { shortVerdict } from '../../diff/rendering/index.ts';
import { CASES, describeTransfer } from '../cases.ts';
import type { Release, Transfer } from '../model.ts';
import { expectFact } from './api.ts';
import { LABEL, type Stage } from './stage.ts';
import type { Day } from './traffic.ts';

/** Compared beside the decision: what the model says before anyone decides on it. */
const SCORE = '$.score';

/** @param releases what is expected to have produced each side, alone */
export async function comparisonScene(
  stage: Stage,
  before: Day,
  after: Day,
  releases: { before: Release; after: Release },
): Promise<void> {
  const { api, page } = stage;
  page.heading('Tuesday against Thursday');
  const report = await api.send<Report>('POST', '/diffs', {
    label: LABEL,
    before: { from: before.from, to: before.to },
    after: { from: after.from, to: after.to },
    fields: [{ path: SCORE }],
  });
  expectSides(stage, report, releases);
  expectFlips(report, before, after);
  expectVerdict(report, before, after);
  page.say(report.summary);
  page.fact('verdict', shortVerdict(report.verdict));
  page.fact('paired', `${report.pairs.inputs} transfers`);
  page.fact('decisions', `${report.decisions.flipped} of ${report.decisions.compared} flipped`);
  page.fact('outputs', `${report.outputs.changed} of ${report.outputs.compared} changed`);
  page.fact('report', `GET /api/v1/diffs/${report.id}, with every test`);
  showOthers(stage, report);
  showFlips(stage, report);
}

function expectSides(stage: Stage, report: Report, releases: { before: Release; after: Release }) {
  for (const side of ['before', 'after'] as const) {
    const artifactIds = report[side].artifacts.map(({ artifactId }) => artifactId);
    const alone =
      artifactIds.length === 1 && artifactIds[0] === stage.artifacts.get(releases[side]);
    expectFact(`${releases[side]} alone produced the side "${side}"`, alone, report[side]);
  }
}

/** The report agrees with what the gateway answered on the two days. */
function expectFlips(report: Report, before: Day, after: Day): void {
  const differ = before.inferences.filter(({ output }, index) => {
    return output.decision !== after.inferences[index]!.output.decision;
  });
  const { inputs } = report.pairs;
  expectFact(`all ${CASES.length} transfers are paired`, inputs === CASES.length, report.pairs);
  const { flipped } = report.decisions;
  expectFact(`${differ.length} decisions flipped`, flipped === differ.length, report.decisions);
}

/** The scores moved, which 24 transfers are enough to show; how the decisions fell, they are not. */
function expectVerdict(report: Report, before: Day, after: Day): void {
  const moved = before.inferences.some(({ output }, index) => {
    return output.score !== after.inferences[index]!.output.score;
  });
  const verdict = moved ? 'changed' : 'identical';
  expectFact(`the verdict is "${verdict}"`, report.verdict === verdict, report.verdict);
}

/** What decides beside the column that the summary is of. */
function showOthers({ page }: Stage, { columns, summary }: Report): void {
  for (const { family, name, sentence, verdict } of columns) {
    const said = summary.includes(sentence.slice(name.length, -1)) || verdict === 'identical';
    if (family === 'first' && !said) page.say(sentence);
  }
}

function showFlips({ page }: Stage, report: Report): void {
  const flips = report.cases.filter(({ flipped }) => flipped);
  if (flips.length > 0) page.say('Decided otherwise:');
  for (const { input, before, after } of flips) {
    const [was, is] = [before, after].map(({ decision, output }) => {
      return `${decision} ${(JSON.parse(output!) as { score: number }).score.toFixed(2)}`;
    });
    page.item(`${was!.padEnd(10)} → ${is}`, describeTransfer(JSON.parse(input) as Transfer));
  }
}
