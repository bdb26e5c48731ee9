/** Diffs: choosing sides, effects, distributions, flip matrices, cases side by side. */
export const DIFF = `
.picked { fill: none; stroke: var(--ink); stroke-width: 3 }
.asked { padding: .15rem 0 } .diffs td { min-width: 8rem } .chips .effect { margin: 0 .4em .2em } .chips .small { padding: 0 .5em }
a.choice { padding: .1rem .4rem; min-height: 24px; display: inline-block }
a.choice[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px 0 var(--ink); text-decoration: none }
#sides .field > label { display: block }
.choices { margin: .75rem 0 } .choices label { padding: .15rem 0 }
.verdict { font-size: 1.05rem; margin: .5rem 0 } .summary { font-size: 1.1rem; max-width: 80ch }
.effect { width: 170px; height: 22px; display: block }
.effect .small-zone { fill: var(--mark); stroke: var(--field); stroke-dasharray: 2 2 }
.effect .zero { stroke: var(--soft) } .effect .interval { stroke: var(--ink); stroke-width: 1.6; fill: none }
.effect .estimate { fill: var(--ink); stroke: var(--ink) } .effect .bare { fill: var(--sheet) }
.before-ground { fill: var(--mark) } .before-lines { stroke: var(--soft); stroke-width: 1; fill: none }
.of-before { stroke: var(--soft); stroke-width: .8 }
.spread { max-width: 44rem } .spread .of-after { fill: none; stroke: var(--link); stroke-width: 2.5 }
.spread .median { stroke: var(--ink) } .spread .median.before { fill: var(--sheet) } .spread .median.after { fill: var(--link) }
.pair { width: 200px; height: 20px; display: block } .pair .bar-after { fill: var(--link) }
.outcomes, .matrix { width: auto } .outcomes th, .matrix th { max-width: 18rem }
.matrix td { white-space: nowrap; padding: .3rem .6rem } .matrix td a { display: inline-block; min-width: 24px; min-height: 24px }
.matrix td.differs { outline: 2px solid var(--care); outline-offset: -3px }
.dot { width: 18px; height: 18px; vertical-align: middle } .dot .same { fill: var(--mark); stroke: var(--field) } .dot .differs { fill: var(--care) }
@media (min-width: 40.01rem) { td:is([data-name="Differ"], [data-name="Noise"], [data-name="p"], [data-name="q"], [data-name="n"]) { white-space: nowrap } }
@media (min-width: 40.01rem) { .tests td { overflow-wrap: normal } .tests td:last-child { min-width: 16rem } }
.case { border: 1px solid var(--line); border-radius: .3rem; padding: .4rem .9rem .7rem; margin: .8rem 0; background: var(--sheet) }
.case h2, .case h3 { margin-top: .3rem } .sides { display: grid; gap: .5rem 1rem; grid-template-columns: 1fr 1fr }
.sides > div { min-width: 0 } .case .text, .case code { overflow-wrap: anywhere }
.case ins, .case del { padding: 0 .1em }
@media (max-width: 40rem) { .spread text { font-size: 20px } .sides { grid-template-columns: 1fr } }
@media print {
  details::details-content { content-visibility: visible !important; display: block !important; block-size: auto }
  .text { max-height: none; overflow: visible } .scroll { overflow: visible }
  .case { break-inside: avoid } h2, h3 { break-after: avoid } a { color: inherit; text-decoration: none }
}
`;
