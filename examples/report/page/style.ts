/** How a report looks: light, dark, narrow, and on paper. */
import { INKS } from '../pictures/palette.js';

/** Pictures are drawn in the light inks: each is exchanged for its dark one. */
const exchanged = (['ink', 'muted', 'grid'] as const)
  .flatMap((name) =>
    ['fill', 'stroke'].map((kind) => `svg [${kind}="${INKS.light[name]}"]{${kind}:${INKS.dark[name]}}`),
  )
  .join('\n');

export const STYLE = `
:root{color-scheme:light;--ink:${INKS.light.ink};--muted:${INKS.light.muted};--line:#d3d9df;--paper:${INKS.light.paper};--card:#f6f8fa;--mark:${INKS.light.high};--warn:#9a4a00}
@media screen and (prefers-color-scheme:dark){
:root{color-scheme:dark;--ink:${INKS.dark.ink};--muted:${INKS.dark.muted};--line:${INKS.dark.grid};--paper:${INKS.dark.paper};--card:#1d2127;--mark:${INKS.dark.high};--warn:#f0a050}
${exchanged}
}
*{box-sizing:border-box}
body{margin:0 auto;max-width:66rem;padding:1.5rem clamp(1rem,4vw,2.5rem) 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
h1{font-size:1.7rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.3rem;margin:2.6rem 0 .6rem;border-top:1px solid var(--line);padding-top:1.4rem}
h3{font-size:1.05rem;margin:0 0 .4rem}
p{max-width:46rem}
.lead{font-size:1.2rem;max-width:46rem}
.facts,figcaption,caption,.quiet{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:1rem 0}
a{color:var(--mark)}
.cards,.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem}
.pictures{grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1.5rem}
.card{background:var(--card);border:1px solid var(--line);border-top:5px solid var(--swatch);border-radius:6px;padding:1rem;break-inside:avoid}
.card h3{display:flex;justify-content:space-between;gap:1rem}
.card dl{display:grid;grid-template-columns:minmax(5rem,auto) 1fr;gap:.15rem .8rem;margin:.5rem 0}
.card dt{color:var(--muted);overflow-wrap:anywhere}
.card dd{margin:0;overflow-wrap:anywhere}
.card ul{margin:.6rem 0 0;padding-left:1.1rem}
figure{margin:0;break-inside:avoid;min-width:0}
figure.wide{grid-column:1/-1}
figure svg{max-width:100%;height:auto;display:block}
figcaption{font-size:.9rem;margin-top:.3rem;max-width:40rem}
.scroll{overflow-x:auto;break-inside:avoid}
table{border-collapse:collapse;margin:.6rem 0;font-size:.95rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:.9rem;padding-bottom:.3rem}
th,td{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{border-bottom-width:2px;white-space:nowrap}
tbody th{font-weight:600}
.numbers td,.numbers thead th:not(:first-child){text-align:right}
.numbers tr:has(strong) :is(td,th){background:var(--card)}
.notes{padding:0;list-style:none}
.notes li{border-left:4px solid var(--warn);padding:.1rem 0 .1rem .8rem;margin:.8rem 0;max-width:46rem;break-inside:avoid}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto;font:14px/1.5 ui-monospace,SFMono-Regular,Consolas,monospace;break-inside:avoid}
code{font-family:ui-monospace,SFMono-Regular,Consolas,monospace;font-size:.95em}
@media print{
body{max-width:none;padding:0;font-size:10.5pt}
nav{display:none}
h2,h3{break-after:avoid}
pre{white-space:pre-wrap}
.cards{grid-template-columns:repeat(2,1fr)}
.pictures{grid-template-columns:repeat(2,1fr)}
.scroll{overflow:visible}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
