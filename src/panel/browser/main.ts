/** The little that pages do by themselves. All of it is help: each page works without. */
import { startCopying } from './copying.ts';
import { startKeys } from './keys.ts';
import { startLive } from './live.ts';
import { startTimes } from './times.ts';

startTimes();
startCopying();
startKeys();
startLive();
