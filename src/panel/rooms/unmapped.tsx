/** `/unmapped`: traces that no label has, and labels that nobody registered. */
import { suggestedRule } from '../../contract/suggested-rule.ts';
import type { Origin } from '../../store/mapping.ts';
import type { Store } from '../../store/store.ts';
import { shownJson } from '../../words/shown-json.ts';
import { type ShownRule, UnmappedPage } from '../pages/unmapped.tsx';
import type { Panel } from '../panel.tsx';

const MOST = 30;
/** As JSON, with all that can't be seen escaped; a page stays small. */
const LONGEST_RULE = 400;

export function unmappedRoutes(
  { page, assets }: Panel,
  { store }: { store: Pick<Store, 'unmapped' | 'unregistered'> },
): void {
  page('/unmapped', async (c, context) => {
    const origins = await store.unmapped(MOST + 1);
    const unregistered = await store.unregistered(MOST + 1);
    return c.html(
      <UnmappedPage
        page={context}
        assets={assets}
        origins={origins.slice(0, MOST).map((one) => ({ ...one, rule: ruleFor(one.origin) }))}
        moreOrigins={origins.length > MOST}
        unregistered={unregistered.slice(0, MOST)}
        moreUnregistered={unregistered.length > MOST}
      />,
    );
  });
}

/** As JSON; `long` where a page has no room for it, null where no rule would map them. */
function ruleFor(origin: Origin): ShownRule {
  const rule = suggestedRule(origin);
  if (rule === null) return null;
  const json = shownJson(JSON.stringify(rule));
  return json.length > LONGEST_RULE ? 'long' : { label: rule.label, json };
}
