/** The one style of the HTML rendering, as it stands between its tags: a server puts its hash into the page's policy. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --page: #fff;
  --panel: #f6f8fa; --same: #1a7f37; --changed: #b35900; --unknown: #57606a; --gone: #ffd7d5; --come: #d2f4d9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117; --panel: #151b23;
    --same: #3fb950; --changed: #e3a008; --unknown: #9198a1; --gone: #5a1e1e; --come: #12401f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
code, bdi { overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; } p { margin: .4rem 0; }
.verdict { display: inline-block; font-weight: 600; padding: .1rem .6rem; border: 2px solid; border-radius: .4rem; }
.same { color: var(--same); } .changed { color: var(--changed); } .unknown { color: var(--unknown); }
.summary { font-size: 1.15rem; } .soft, caption { color: var(--soft); font-size: .9rem; }
.scroll { overflow-x: auto; } caption { text-align: left; padding: .25rem 0; }
table { border-collapse: collapse; margin: .5rem 0; font-size: .92rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem .3rem 0; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } td.flip { background: var(--panel); font-weight: 600; }
code, .text { font: .88rem/1.45 ui-monospace, monospace; white-space: pre-wrap; }
.case { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem; margin: .75rem 0; break-inside: avoid; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; } .sides > div { background: var(--panel); padding: .5rem .7rem; }
del { background: var(--gone); } ins { background: var(--come); }
a { color: inherit; } details { margin: .4rem 0; } summary { cursor: pointer; color: var(--soft); }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr; } }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } a { text-decoration: none; } h2, h3 { break-after: avoid; } }
`;
