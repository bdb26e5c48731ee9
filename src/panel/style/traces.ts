/** Lists of traces, and the picture of one. */
export const TRACES = `
.filter .grow { flex: 1 1 20rem }
.chips { display: flex; flex-wrap: wrap; gap: .3rem .5rem; padding: 0; margin: .4rem 0; list-style: none }
.chips li { border: 1px solid var(--line); border-radius: .25rem; background: var(--mark) }
.chips code { padding-left: .5em }
.chips a { display: inline-block; min-width: 1.75em; padding: .1em .5em; text-align: center; text-decoration: none }
.chips a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px 0 var(--ink) }
@media (min-width: 60rem) { .traces .row { flex-wrap: nowrap } .traces .id { white-space: nowrap } }
a.narrowing { color: inherit; text-decoration-style: dotted }
.around { max-width: 44rem }
.around .chart text { font-size: 11px }
@media (max-width: 40rem) { .around .chart text { font-size: 15px } }
.around .tolerance { fill: none; stroke: var(--ink); stroke-dasharray: 3 2 }
.around .trace { fill: var(--ink) }
.around .reading { stroke: var(--ink); stroke-width: 1 }
.around .held { opacity: .35 }
.around .nobody { fill: var(--mark); stroke: var(--soft); stroke-dasharray: 3 3 }
.then-now td.differs { background: var(--care-ground) }
`;
