/**
 * Has drizzle's files import each other without a look at its package.json, which is 180 kB and which Node
 * reads and decodes anew for each of its hundred files, to learn that they are ES modules: 0.3 s of a start.
 */
import { registerHooks } from 'node:module';

const INSIDE_DRIZZLE = '/node_modules/drizzle-orm/';

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL;
    if (!from?.includes(INSIDE_DRIZZLE) || !/^\.\.?\/.*\.js$/.test(specifier))
      return next(specifier, context);
    return { url: new URL(specifier, from).href, format: 'module', shortCircuit: true };
  },
});
