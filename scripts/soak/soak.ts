/**
 * The crash harness: a service under load that is killed again and again, and in the end compared
 * with what is known to be so.
 *
 *   births ─▶ first life ─▶ kill, start, kill, start … ─▶ last life: what is open settles ─▶ reckoning
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAtBirth } from './births.ts';
import { Findings } from './findings.ts';
import { Lives } from './lives.ts';
import { drawDeath } from './moments.ts';
import { Random } from './random.ts';
import { reckon } from './reckoning/index.ts';
import type { Summary } from './summary.ts';
import { openWorld, type World } from './world.ts';

export interface SoakSettings {
  kills: number;
  /** What is drawn by lot follows from it; how long things take does not. */
  seed: number;
  labels: number;
  /** The longest that the service runs once it is ready, ms; longer where starts are slow. */
  lifeMs: number;
  /** Told after each kill. */
  progress?: (kills: number, findings: number) => void;
}

export interface SoakResult {
  /** What was not as it should be; empty where all is well. */
  findings: string[];
  /** Null where the run broke off. */
  summary: Summary | null;
}

/** Of how long a start takes just now: on a busy machine hardly anything would happen in a shorter life. */
const LEAST_LIFE = 0.3;

/** Of all kills, those that strike a service while it makes its data folder. */
const BIRTHS = 0.04;

export async function soak(settings: SoakSettings): Promise<SoakResult> {
  const findings = new Findings();
  const folder = mkdtempSync(join(tmpdir(), 'underlabel-soak-'));
  const world = await openWorld(settings.seed, settings.labels, findings);
  const { allowHosts, asking, parts } = world;
  const { standing } = asking;
  const lives = new Lives({ folder, allowHosts, standing, moments: parts.moments, findings });
  let summary: Summary | null = null;
  try {
    summary = await run(settings, world, lives, findings);
  } catch (error) {
    findings.note(`the run broke off: ${(error as Error).stack}`);
  } finally {
    await lives.stop();
    await world.close();
  }
  const found = findings.list();
  if (found.length > 0) found.push(`to look into: the data folder is left at ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  return { findings: found, summary };
}

async function run(
  { kills, seed, lifeMs, progress }: SoakSettings,
  world: World,
  lives: Lives,
  findings: Findings,
): Promise<Summary> {
  const beganAt = performance.now();
  const random = new Random(seed, 'kills');
  const births = Math.ceil(kills * BIRTHS);
  for (let i = 1; i <= births; i++) {
    await killAtBirth(random, findings);
    progress?.(i, findings.count);
  }
  await lives.begin();
  await world.setUp();
  world.beginLoad();
  await lives.kill();
  while (births + lives.kills < kills) {
    progress?.(births + lives.kills, findings.count);
    const { startMs } = lives;
    const longestMs = Math.max(lifeMs, Math.round(startMs * LEAST_LIFE));
    await lives.live(drawDeath(random, startMs, longestMs));
  }
  await lives.begin();
  await world.settle();
  const found = await reckon(world);
  await lives.stop();
  const seconds = (performance.now() - beganAt) / 1000;
  return { seed, seconds, births, lives, world, found };
}
