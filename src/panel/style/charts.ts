/** Charts: each artifact has a colour and its short id beside it; what isn't known is hatched, never empty. */
const HUES = [
  ['#3566b8', '#7ea6ea'],
  ['#b1542c', '#e79a77'],
  ['#3b7d54', '#7cc797'],
  ['#8a4aa5', '#c695dd'],
  ['#8f6b00', '#d8b24a'],
  ['#0d7c86', '#63c3cd'],
  ['#b03a72', '#ea8bb8'],
  ['#5b6b21', '#aebf6b'],
  ['#5a55b5', '#a6a2ef'],
  ['#7b5b47', '#c5a48f'],
];

export const ARTIFACT_COLOURS = HUES.length;

export const CHARTS = `
figure { margin: .75rem 0 }
figcaption { color: var(--soft); font-size: .87rem }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif }
svg text.soft { fill: var(--soft) }
.chart { display: block; width: 100%; height: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: .3rem }
.chart .axis { stroke: var(--line) } .chart .tick { stroke: var(--soft) }
.chart .unknown { fill: var(--mark) } .chart .edge { stroke: var(--ink); fill: none }
.hatch-line { stroke: var(--ink); stroke-width: 1.5; opacity: .55 }
.gap-line { stroke: var(--soft); stroke-width: 1; opacity: .6 }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1rem; padding: 0; list-style: none; font-size: .87rem }
.legend svg { width: .9em; height: .9em; align-self: center }
${HUES.map(([light, dark], i) => `.art-${i} { --art: light-dark(${light}, ${dark}); fill: var(--art); color: var(--art) }`).join('\n')}
.art-none { fill: var(--mark); color: var(--soft) }
.artifact .id { color: var(--ink) }
`;
