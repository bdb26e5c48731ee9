/** Before any test: the command-line tests run the built program. */
import { ensureBuilt } from '../scripts/ensure-built.ts';

export default ensureBuilt;
