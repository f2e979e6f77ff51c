import { html, type Html } from './html.js';

/** Bars are placed in steps of half a percent by classes: no inline style needs to be allowed. */
const STEPS = 200;

/** Class names that put a bar from `start` to `start + length`, both parts of 1. */
export function barClasses(start: number, length: number): string {
  const left = Math.round(Math.min(Math.max(start, 0), 1) * STEPS);
  const width = Math.round(Math.min(Math.max(length, 0), 1) * STEPS);
  return `l${Math.min(left, STEPS - 1)} w${Math.max(1, Math.min(width, STEPS - left))}`;
}

function steps(letter: string, property: string): string {
  const rules = [];
  for (let step = 0; step <= STEPS; step += 1) {
    rules.push(`.${letter}${step}{${property}:${step / 2}%}`);
  }
  return rules.join('');
}

const STYLE = `
:root{color-scheme:light dark;--text:#1b1f24;--quiet:#57606a;--paper:#fff;--soft:#f3f5f8;--line:#d5dae1;
--link:#0b57c4;--bar:#3b7dd8;--linked:#8a6fc4;--bad:#b3261e;--bad-soft:#fdecea;--good:#1a6e3c}
@media (prefers-color-scheme:dark){:root{--text:#e6e9ed;--quiet:#a5adb8;--paper:#14171b;--soft:#1e2329;
--line:#363d46;--link:#7db4ff;--bar:#5b9bf0;--linked:#a890e0;--bad:#ff9c94;--bad-soft:#3b1f1d;--good:#7fd6a0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header,main,footer{max-width:84rem;margin:0 auto;padding:.75rem 1rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;border-bottom:1px solid var(--line)}
header strong{font-size:1.1rem}header form:last-child{margin-left:auto}
footer{color:var(--quiet);border-top:1px solid var(--line);margin-top:2rem}
a{color:var(--link)}h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
code,.mono{font-family:ui-monospace,monospace;font-size:.875em;overflow-wrap:anywhere}
.quiet{color:var(--quiet)}.bad{color:var(--bad);font-weight:600}.good{color:var(--good)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
form.row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end}
label{display:flex;flex-direction:column;font-size:.875rem;color:var(--quiet)}
label.check{flex-direction:row;gap:.4rem;align-items:center;min-height:2.5rem}
input,select,button{font:inherit;color:var(--text);background:var(--paper);border:1px solid var(--quiet);
border-radius:.3rem;padding:.4rem .6rem;min-height:2.5rem}
input[name=id]{min-width:min(24rem,80vw)}input[type=checkbox]{min-height:0;width:1.1rem;height:1.1rem}
button{cursor:pointer;background:var(--soft)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.notice{background:var(--soft);border-left:4px solid var(--bar);padding:.6rem .8rem;margin:.75rem 0}
.notice.bad{background:var(--bad-soft);border-color:var(--bad);font-weight:400}
ul.services{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none;margin:.5rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;margin:.35rem 0 .35rem 1rem;
font-size:.85rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
ol.fall{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
ol.fall>li{display:grid;grid-template-columns:minmax(0,1fr) minmax(8rem,38%);gap:.1rem .75rem;
padding:.2rem 0;border-bottom:1px solid var(--line)}
.what{min-width:0;overflow-wrap:anywhere}
.lane{position:relative;align-self:start;background:var(--soft);height:1.35rem;border-radius:.2rem;
overflow:hidden}
.fill{position:absolute;top:.2rem;bottom:.2rem;background:var(--bar);border-radius:.15rem;min-width:3px}
.linked .fill{background:var(--linked)}.failed .fill{background:var(--bad)}
.time{position:absolute;right:.3rem;top:0;font-size:.8rem;font-variant-numeric:tabular-nums;
text-shadow:0 0 4px var(--soft),0 0 4px var(--soft)}
.time.early{right:auto;left:.3rem}
.log{grid-column:1/-1;font-size:.85rem;padding-left:1rem;overflow-wrap:anywhere}
.tag{font-size:.75rem;border:1px solid var(--line);border-radius:.2rem;padding:0 .3rem;color:var(--quiet)}
details summary{cursor:pointer}
${Array.from({ length: 13 }, (_, depth) => `.d${depth}{padding-left:${depth * 0.9}rem}`).join('')}
@media (max-width:40rem){ol.fall>li{grid-template-columns:1fr}.lane{height:1.2rem}
${Array.from({ length: 13 }, (_, depth) => `.d${depth}{padding-left:${depth * 0.4}rem}`).join('')}
dl{grid-template-columns:1fr;margin-left:.5rem}dd{padding-left:.75rem}}
@media (max-width:40rem){.cards thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.cards,.cards tbody,.cards tr,.cards td{display:block}.cards tr{border:1px solid var(--line);border-radius:.3rem;
margin:.5rem 0;padding:.3rem .6rem}.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;
padding:.1rem 0;white-space:normal}.cards td::before{content:attr(data-title);color:var(--quiet);text-align:left}}
${steps('l', 'left')}${steps('w', 'width')}`;

/** The only style there is. Not a template of values: a style element is not escaped text. */
export function styleElement(nonce: string): Html {
  const strings = Object.assign([`<style nonce="`, `">${STYLE}</style>`], { raw: [] });
  return html(strings as unknown as TemplateStringsArray, nonce);
}
