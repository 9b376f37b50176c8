"""How the page looks: light or dark as the reader's machine is set, and on a phone too."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d2327; --muted: #59636b; --grid: #dfe3e6;
  --good: #0b62a4; --warm: #a85b00; --bad: #b3260a; --bars: #5b9bd0;
  --good-paper: #e6f1f9; --bad-paper: #fdeae5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1c2226; --ink: #e9edf0; --muted: #a3adb5; --grid: #353e45;
    --good: #6bb8ee; --warm: #f0b04a; --bad: #ff8a6b; --bars: #3f7fb3;
    --good-paper: #12303f; --bad-paper: #43201a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.3rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
h1, h2, td, th, summary, li, p { overflow-wrap: anywhere; }
.verdict { padding: 1.1rem 1.3rem; border-left: .5rem solid; border-radius: .4rem; }
.verdict p { margin: .3rem 0 0; font-size: 1.25rem; line-height: 1.4; }
.verdict p[lang=fr] { font-size: 1.05rem; font-style: italic; }
.verdict strong { letter-spacing: .04em; }
.good { background: var(--good-paper); border-color: var(--good); }
.bad { background: var(--bad-paper); border-color: var(--bad); }
.good strong { color: var(--good); }
.bad strong { color: var(--bad); }
.tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
  margin: 1rem 0 0; padding: 0;
}
.tiles div { background: var(--card); border: 1px solid var(--grid); border-radius: .4rem;
  padding: .6rem .8rem; }
.tiles dt, .note, figcaption { color: var(--muted); font-size: .9rem; }
.tiles dd { margin: 0; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
.tiles small { display: block; font-size: .8rem; color: var(--muted); }
.pictures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr));
  gap: 1rem; align-items: start;
}
figure { margin: 0; padding: .8rem; background: var(--card); border: 1px solid var(--grid);
  border-radius: .4rem; }
figcaption { margin-top: .4rem; }
.picture { display: block; width: 100%; height: auto; }
.picture * { stroke-linejoin: round; stroke-linecap: butt; }
.picture text { font-family: inherit !important; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--grid);
  border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: right; vertical-align: top; white-space: nowrap; }
thead th { border-bottom: 2px solid var(--muted); vertical-align: bottom; white-space: normal;
  overflow-wrap: normal; min-width: 6rem; }
tbody th { text-align: left; font-weight: normal; position: sticky; left: 0;
  background: var(--card); white-space: normal; min-width: 8.5rem; }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--grid); padding-top: .5rem; }
td small { display: block; color: var(--muted); }
td.bad { font-weight: bold; }
details { background: var(--card); border: 1px solid var(--grid); border-radius: .4rem;
  margin: .5rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; }
ol.story { list-style: none; margin: .5rem 0 .2rem; padding: 0; }
ol.story li { display: grid; grid-template-columns: 6.5rem 1fr; gap: .6rem; padding: .15rem 0; }
ol.story time { color: var(--muted); font-variant-numeric: tabular-nums; text-align: right; }
:focus-visible { outline: 3px solid var(--good); outline-offset: 2px; }
@media (max-width: 30rem) {
  main { padding: 1rem .7rem 3rem; }
  .verdict p { font-size: 1.1rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  figure { padding: .4rem; }
  ol.story li { grid-template-columns: 4.6rem 1fr; }
}
@media print { details { break-inside: avoid; } body { background: none; } }
"""
