/** Timelines, and counts of traces beside them. */
const TONES = [
  ['#3f4a57', '#aab4c0'],
  ['#3566b8', '#7ea6ea'],
  ['#b1542c', '#e79a77'],
  ['#3b7d54', '#7cc797'],
  ['#8a4aa5', '#c695dd'],
  ['#8f6b00', '#d8b24a'],
  ['#0d7c86', '#63c3cd'],
  ['#b03a72', '#ea8bb8'],
  ['#767d86', '#868e98'],
];

const KINDS = {
  proven: 'var(--calm)',
  declared: 'var(--field)',
  bracketed: 'var(--calm)',
  provisional: 'var(--field)',
  ambiguous: 'var(--care)',
  unobserved: 'var(--soft)',
  uncounted: 'var(--soft)',
};

export const TIMELINE = `
.fills { position: absolute }
.pattern-ground { fill: var(--sheet) } .pattern-lines { fill: none; stroke: currentColor; stroke-width: 1.4 }
${Object.entries(KINDS)
  .map(([name, colour]) => `.kind-${name} { color: ${colour} }`)
  .join('\n')}
${TONES.map(([light, dark], i) => `.kind-d${i} { color: light-dark(${light}, ${dark}) }`).join('\n')}
.kind-bracketed .pattern-ground, .kind-d0 .pattern-ground { fill: currentColor }
.gap-ground { fill: var(--mark) }
.window-ground { fill: var(--care-ground) }
.chart .bars { stroke: var(--ink); stroke-width: .6 } .sample { stroke: var(--field); stroke-width: 1 }
.timeline { min-width: 42rem }
.timeline .on-art { fill: var(--ground); font-weight: 600; pointer-events: none }
.timeline .on-none { fill: var(--ink); pointer-events: none }
.timeline .count { stroke: var(--sheet); stroke-width: 4; paint-order: stroke; pointer-events: none }
.timeline .band.art-none { fill: var(--sheet); stroke: var(--field) } .timeline .band { stroke: var(--sheet); stroke-width: 1 }
.timeline .unconfirmed { opacity: .35; stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 2 }
.timeline .window { stroke: var(--ink); stroke-width: 1 }
.timeline .crowd { stroke: var(--care); stroke-width: 1.5; stroke-dasharray: 2 2 }
.timeline .said { stroke: var(--ink); stroke-width: 1 } .timeline .failed { stroke: var(--alarm); stroke-width: 1.5 }
.timeline a:focus-visible rect { stroke: var(--link); stroke-width: 3 }
.timeline a:hover rect { stroke: var(--link); stroke-width: 2 }
.zoom { display: flex; flex-wrap: wrap; gap: .4rem; margin: .5rem 0; align-items: center }
.zoom a[aria-current] { border-width: 2px; border-color: var(--ink); font-weight: 600 }
.strip { width: 9rem; height: 1.5rem; display: block } .strip .line { stroke: var(--line) }
.strip .more { fill: url(#fill-window) } .strip .change { stroke: var(--care); stroke-width: 2 }
.parts { width: 9rem; height: .9rem; display: block } .parts rect { stroke: var(--field); stroke-width: .6 }
.overview td { min-width: 7rem }
@media (min-width: 60rem) { .overview tbody th { min-width: 12rem } }
`;
