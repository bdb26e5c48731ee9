/** The page: colours, type, layout. Meanings never rest on colour alone. */
export const BASE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fdfdfb, #15171a);
  --sheet: light-dark(#ffffff, #1c1f23);
  --ink: light-dark(#1c2024, #e7e9ec);
  --soft: light-dark(#565d66, #a8afb8);
  --line: light-dark(#d9dce0, #363b42);
  --field: light-dark(#767d86, #868e98);
  --link: light-dark(#0b57a4, #8ab8f5);
  --calm: light-dark(#1a6b45, #6fcf9c);
  --care: light-dark(#8a5300, #f0b95b);
  --alarm: light-dark(#b3261e, #ff9a8f);
  --calm-ground: light-dark(#e8f4ed, #1b2b23);
  --care-ground: light-dark(#fdf1dc, #33290f);
  --alarm-ground: light-dark(#fdebe9, #3a1d1b);
  --mark: light-dark(#eef1f5, #262a30);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
:root[data-theme="light"] { color-scheme: light }
:root[data-theme="dark"] { color-scheme: dark }
* { box-sizing: border-box }
html { scroll-padding-top: 4rem }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere }
a { color: var(--link); text-underline-offset: .15em }
a:hover { text-decoration-thickness: 2px }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem }
p { margin: .4rem 0; max-width: 75ch }
code, .id, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em }
pre { white-space: pre-wrap; margin: 0 }
.skip { position: absolute; left: -100vw }
.skip:focus { left: .5rem; top: .5rem; background: var(--sheet); padding: .5rem; z-index: 9 }
.bar { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; padding: .6rem 1rem;
  border-bottom: 1px solid var(--line); background: var(--sheet) }
.bar .name { font-weight: 700; color: var(--ink); text-decoration: none }
.bar nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; flex: 1 }
.bar nav a { text-decoration: none; padding: .2rem 0 }
.bar nav a[aria-current] { color: var(--ink); font-weight: 600; box-shadow: 0 2px 0 var(--ink) }
main { max-width: 84rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; min-height: 70vh }
footer { border-top: 1px solid var(--line); padding: .75rem 1rem; color: var(--soft) }
footer form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end }
.crumbs { color: var(--soft); margin: 0 0 .25rem }
.soft { color: var(--soft) }
.small { font-size: .87rem }
.nowrap { white-space: nowrap }
.right { text-align: right; font-variant-numeric: tabular-nums }
.columns { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)) }
.row { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: baseline }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
[hidden] { display: none !important }
@media (prefers-reduced-motion: no-preference) { .arrived { animation: arrived 2s } }
@keyframes arrived { from { background: var(--care-ground) } }
`;
