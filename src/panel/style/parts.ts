/** What stands on pages: tables, facts, words with a shape, forms, notices. */
export const PARTS = `
.scroll { overflow-x: auto; margin: .5rem 0 }
.scroll:focus-visible { outline-offset: 0 }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: var(--soft); padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line) }
thead th { font-size: .87rem; font-weight: 600; color: var(--soft); white-space: nowrap }
tbody th { font-weight: 400 }
@media (min-width: 40rem) { tbody th { min-width: 7rem } }
time[data-ago], .artifact .id { white-space: nowrap }
td.right, th.right { padding-right: 1.25rem }
tr.chosen, tr:target { background: var(--mark); box-shadow: inset 3px 0 0 var(--link) }
tr.troubled { background: var(--alarm-ground) } tr.troubled > :first-child { padding-left: .5rem }
.facts { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.25rem; margin: .5rem 0 }
.facts dt { color: var(--soft) }
.facts dd { margin: 0; min-width: 0 }
@media (max-width: 34rem) { .facts { grid-template-columns: 1fr } .facts dd { margin-bottom: .4rem } }
.word { display: inline-flex; gap: .35em; align-items: baseline; white-space: nowrap; border-radius: .25rem; padding: 0 .4em;
  border: 1px solid var(--line) }
.word svg { width: .8em; height: .8em; flex: none; align-self: center }
.word.calm { color: var(--calm); border-color: var(--calm); background: var(--calm-ground) }
.word.open { color: var(--soft); border: 1px dashed var(--field) }
.word.care { color: var(--care); border-color: var(--care); background: var(--care-ground) }
.word.alarm { color: var(--alarm); border: 2px solid var(--alarm); background: var(--alarm-ground); font-weight: 600 }
.artifact { display: inline-flex; gap: .4em; align-items: baseline; max-width: 100% }
.artifact .swatch { width: .85em; height: .85em; flex: none; align-self: center }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--field); padding: .6rem .9rem; margin: .75rem 0; background: var(--sheet) }
.notice.care { border-left-color: var(--care); background: var(--care-ground) }
.notice.alarm { border-left-color: var(--alarm); background: var(--alarm-ground) }
.notice > :first-child { margin-top: 0 } .notice > :last-child { margin-bottom: 0 }
.empty { border: 1px dashed var(--field); padding: 1.25rem; margin: .75rem 0; color: var(--soft) }
.empty strong { color: var(--ink) }
label { display: inline-block }
label > span:first-child, legend { display: block; font-size: .87rem; color: var(--soft) }
input, select, textarea, button, .button { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--field);
  border-radius: .3rem; padding: .35rem .6rem; max-width: 100%; min-height: 2.2rem }
input[type="checkbox"], input[type="radio"] { min-height: 0 }
input.wide, textarea { width: 100% }
button, .button { cursor: pointer; text-decoration: none; display: inline-block }
button:hover, .button:hover { background: var(--mark) }
button.copy { padding: 0 .45em; min-height: 1.65rem; font-size: .8rem }
/* It has its place before it is there, so that nothing moves when it comes. */
button.copy[hidden] { display: inline-block !important; visibility: hidden }
.fields > *, .field { max-width: 100% } .field > label { display: block } .field .small { max-width: 40rem }
nav.row a { padding: .2rem 0 } nav.row a[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none }
button.main { background: var(--link); border-color: var(--link); color: var(--sheet) }
button[disabled] { opacity: .6; cursor: default }
fieldset { border: 1px solid var(--line); margin: 0; padding: .5rem .75rem .75rem; min-width: 0 }
.fields { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .75rem 0 }
.as-of { margin: .75rem 0 } .as-of > label { display: block } .as-of > * + * { margin-top: .2rem }
.as-of .row { flex-wrap: nowrap } .as-of .row input { min-width: 0 } .as-of .row button { flex: none }
.error { color: var(--alarm); font-weight: 600 }
.pager { display: flex; gap: 1rem; margin: .75rem 0 }
details > summary { cursor: pointer; padding: .15rem 0 }
.json { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; line-height: 1.45 }
.json details { margin-left: 1.25em } .json summary { margin-left: -1.25em } .json .leaf { margin-left: 1.25em }
.json .key { color: var(--soft) }
.text { white-space: pre-wrap; background: var(--mark); padding: .6rem .75rem; margin: .35rem 0; border-radius: .3rem; max-height: 32rem; overflow: auto }
ins { background: var(--calm-ground); text-decoration: underline; text-decoration-thickness: 2px }
del { background: var(--alarm-ground); text-decoration: line-through }
/* On a line of its own: its words change. */
.live { flex: 1 0 100%; display: inline-flex; gap: .4em; align-items: center; color: var(--soft); font-size: .87rem }
kbd { border: 1px solid var(--field); border-radius: .2rem; padding: 0 .3em; font-size: .85em }
@media (max-width: 40rem) {
  table.cards thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  table.cards, table.cards caption:not(.hidden), table.cards tbody, table.cards tr, table.cards td, table.cards th { display: block; width: 100% }
  table.cards tr { border: 1px solid var(--line); border-radius: .3rem; padding: .4rem .7rem; margin: .6rem 0 }
  table.cards td, table.cards th { border: 0; padding: .15rem 0 }
  table.cards td.right { text-align: left }
  table.cards td[data-name]::before { content: attr(data-name) ": "; color: var(--soft); font-size: .87rem }
}
@media print {
  .bar, footer, form, .noprint, .skip { display: none !important }
  main { max-width: none; padding: 0 }
  details:not([open]) > :not(summary) { display: block }
  tr, figure, .notice { break-inside: avoid }
}
`;
