/**
 * How pages look: dark and light, on a phone, a desk and a wall.
 *
 * @module
 */

/** The style sheet; all pairs of colours have a contrast of 4.5 at least (WCAG AA). */
export const STYLE: string = `:root {
  color-scheme: light dark;
  --page: #fff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --row: #f6f8fa;
  --link: #0958c7; --up: #1a7f37; --suspect: #8a5a00; --down: #cf222e; --unknown: #7a3ec8;
  --bad: #ffebe9; --doubt: #f4ecfd; --band: #1f2328; --loss1: #0b7285; --loss2: #3b5bdb;
  --loss3: #9c36b5; --loss4: #cf222e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --faint: #9198a1; --line: #3d444d; --row: #151b23;
    --link: #58a6ff; --up: #3fb950; --suspect: #d8a014; --down: #ff7b72; --unknown: #c297ff;
    --bad: #341a1d; --doubt: #271d3d; --band: #e6edf3; --loss1: #3bc9db; --loss2: #91a7ff;
    --loss3: #e599f7; --loss4: #ff7b72;
  }
}
* { box-sizing: border-box; }
html { font-size: 16px; }
body {
  margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.45 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.15rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
small, .made, footer, caption { color: var(--faint); }
small { display: block; font-weight: 400; }
footer { margin-top: 1.5rem; font-size: .875rem; }
.choices, .turning, .legend {
  display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; padding: 0; list-style: none;
}
.choices a {
  display: inline-block; padding: .35rem .8rem; border: 1px solid var(--line);
  border-radius: 2rem; color: inherit; text-decoration: none;
}
.choices a[aria-current] { border-color: var(--text); background: var(--row); font-weight: 600; }
.choices a.none { color: var(--faint); }
.choices a.down { color: var(--down); } .choices a.unknown { color: var(--unknown); }
.choices a.suspect { color: var(--suspect); } .choices a.up { color: var(--up); }
.warning {
  margin: .75rem 0; padding: .6rem .9rem; border-left: 4px solid var(--unknown);
  background: var(--doubt);
}
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: .25rem 0; text-align: left; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; }
tbody th { min-width: 8rem; font-weight: 500; overflow-wrap: anywhere; }
thead th { white-space: nowrap; }
thead th[aria-sort] { border-bottom: 2px solid var(--text); }
thead th[aria-sort] a::after { content: " \\25be"; }
.number { text-align: right; white-space: nowrap; }
tr.down { background: var(--bad); } tr.unknown { background: var(--doubt); }
tr.down > td:first-child, .down > .mark, strong.down { color: var(--down); font-weight: 600; }
tr.unknown > td:first-child, .unknown > .mark, strong.unknown {
  color: var(--unknown); font-weight: 600;
}
tr.suspect > td:first-child, .suspect > .mark, strong.suspect { color: var(--suspect); }
tr.up > td:first-child, .up > .mark, strong.up { color: var(--up); }
td:first-child, .nowrap { white-space: nowrap; }
.mark { width: 1em; height: 1em; margin-right: .4em; vertical-align: -.12em; fill: currentColor; }
.spark { display: block; width: 120px; height: 24px; margin-left: auto; }
.spark .line { fill: none; stroke: var(--text); stroke-width: 1.5; }
.spark .lost { fill: var(--down); }
.picture { width: 140px; text-align: right; }
.narrow { display: none; }
small a { color: inherit; }
.scroll { overflow-x: auto; }
.smoke { display: block; width: 100%; min-width: 36rem; max-width: 64rem; }
.smoke text { fill: var(--faint); font: 13px system-ui, sans-serif; }
.grid { fill: none; stroke: var(--line); stroke-width: 1; }
.band { fill: var(--band); fill-opacity: .16; }
.gone { fill: var(--down); fill-opacity: .3; }
.unasked { fill: var(--unknown); fill-opacity: .3; }
.loss0 { fill: var(--up); } .loss1 { fill: var(--loss1); } .loss2 { fill: var(--loss2); }
.loss3 { fill: var(--loss3); } .loss4 { fill: var(--loss4); }
.legend { gap: .25rem 1rem; margin: .5rem 0; font-size: .875rem; }
.key { width: 1.5em; height: .75em; margin-right: .4em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--faint); } dd { margin: 0; }
details table { max-width: 48rem; margin-top: .5rem; }
summary { cursor: pointer; }
@media (max-width: 64rem) { .wide { display: none; } }
@media (max-width: 48rem) {
  body { padding: .75rem; font-size: .9375rem; }
  .middling { display: none; }
  .narrow { display: block; }
  .scroll { direction: rtl; } .scroll > * { direction: ltr; }
  thead th { white-space: normal; }
  th, td { padding: .35rem .2rem; }
  .picture { width: 76px; } .spark { width: 72px; }
  dl { grid-template-columns: 1fr; } dt { margin-top: .5rem; }
}
@media (min-width: 120rem) {
  html { font-size: 22px; }
  body { max-width: none; padding: 1rem 2rem; }
  .spark { width: 240px; height: 36px; } .picture { width: 260px; }
}
`;
