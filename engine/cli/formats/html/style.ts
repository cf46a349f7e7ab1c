/** The look of a report: the reader's own fonts, light or dark as the reader has it, and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #ffffff; --raised: #f6f8fa; --line: #d1d9e0; --text: #1f2328;
  --faint: #59636e;
  --link: #0969da; --good: #1a7f37; --warning: #9a6700; --bad: #cf222e; --create: #1a7f37; --update: #9a6700;
  --replace: #8250df; --delete: #cf222e; --retain: #59636e; --added: #dafbe1; --removed: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --raised: #151b23; --line: #3d444d; --text: #e6edf3;
  --faint: #9198a1; --link: #4493f8; --good: #3fb950; --warning: #d29922; --bad: #f85149; --create: #3fb950;
  --update: #d29922; --replace: #bc8cff; --delete: #f85149; --retain: #9198a1; --added: #12361f; --removed: #43171b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 8px; padding-bottom: 6px; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
h2 small { font-size: 14px; font-weight: 400; color: var(--faint); margin-left: 8px; }
h3 { font-size: 15px; margin: 24px 0 6px; }
p { margin: 4px 0; }
a { color: var(--link); }
code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  overflow-wrap: anywhere; }
.place { white-space: nowrap; overflow-wrap: normal; }
.faint { color: var(--faint); }
ul { margin: 8px 0; padding-left: 22px; }
.facts { list-style: none; display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0 0; padding: 0; }
.facts li { border: 1px solid var(--line); border-radius: 16px; padding: 3px 12px; background: var(--raised); }
.facts .good { border-color: var(--good); color: var(--good); }
.facts .warning { border-color: var(--warning); color: var(--warning); }
.facts .bad { border-color: var(--bad); background: var(--bad); color: var(--ground); font-weight: 600; }
.problems { list-style: none; padding: 0; margin: 20px 0 0; }
.problems li { border-left: 4px solid var(--faint); background: var(--raised); border-radius: 4px; padding: 8px 14px;
  margin: 8px 0; overflow-wrap: anywhere; }
.problems .error { border-color: var(--bad); }
.problems .warning { border-color: var(--warning); }
.scroll, figure { overflow-x: auto; }
figure { margin: 12px 0 20px; padding: 12px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--raised); }
figcaption { color: var(--faint); font-size: 13px; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--faint); font-size: 13px; }
th, td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
tr:target > td { background: var(--raised); }
tfoot td { font-weight: 600; }
.action { min-width: 6.5em; font-weight: 600; }
.action.create, .action.import { color: var(--create); }
.action.update, .action.rename { color: var(--update); }
.action.replace { color: var(--replace); }
.action.delete, .failed-text { color: var(--delete); }
.action.retain, .action.none { color: var(--retain); }
.reason { color: var(--faint); }
details { margin: 6px 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
td details { margin: 2px 0 0; }
dl { margin: 6px 0 2px; }
dt { margin-top: 4px; }
dd { margin: 0; }
.removed, .added { display: block; padding: 1px 8px; border-radius: 3px; white-space: pre-wrap; }
.removed { background: var(--removed); }
.added { background: var(--added); }
.node .box { fill: var(--ground); stroke: var(--line); }
.node .bar { fill: var(--retain); }
.node .name { font-weight: 600; font-size: 13px; fill: var(--text); }
.node .type { font-size: 12px; fill: var(--faint); }
.node .sign { font-weight: 700; font-size: 16px; text-anchor: middle; fill: var(--retain); }
.node.create .bar, .node.import .bar, .node.create .sign, .node.import .sign { fill: var(--create); }
.node.create .box, .node.import .box { stroke: var(--create); }
.node.update .bar, .node.rename .bar, .node.update .sign, .node.rename .sign { fill: var(--update); }
.node.update .box, .node.rename .box { stroke: var(--update); }
.node.replace .bar, .node.replace .sign { fill: var(--replace); }
.node.replace .box { stroke: var(--replace); }
.node.delete .bar, .node.delete .sign { fill: var(--delete); }
.node.delete .box { stroke: var(--delete); stroke-dasharray: 5 3; }
.node.failed .box { fill: var(--removed); stroke: var(--bad); stroke-width: 2; }
.node.failed .bar, .node.failed .sign { fill: var(--bad); }
.edge { fill: none; stroke: var(--faint); stroke-width: 1.3; opacity: .75; }
.edge.quiet { opacity: .4; }
svg a:focus-visible .box { stroke: var(--link); stroke-width: 3; }
footer { margin-top: 48px; color: var(--faint); font-size: 13px; }
@media print { main { max-width: none; padding: 0; } details:not([open]) > :not(summary) { display: block; }
  tr, figure, .problems li { break-inside: avoid; } }
`.trim();
