import { figureClass } from "../figure/figure.ts";
import { fontFamily, toFontFaces } from "../figure/fonts.ts";
import { darkTheme, lightTheme, type Theme } from "../figure/theme.ts";

/** The page's one style sheet, fonts included. */
export function toPageStyle(): string {
  return `${toFontFaces()}
:root{color-scheme:light dark;${toVariables(lightTheme)}--link:#005a8c}
@media screen and (prefers-color-scheme:dark){:root{${toVariables(darkTheme)}--link:#7cc0f0}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--ink);font:400 1rem/1.55 "${fontFamily}",system-ui,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:50rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3rem}
footer{padding-bottom:3rem;color:var(--muted);font-size:.875rem}
h1{margin:0 0 .5rem;font-size:1.75rem;font-weight:600;line-height:1.25;overflow-wrap:anywhere}
h2{margin:2.75rem 0 .75rem;font-size:1.25rem;font-weight:600;line-height:1.3;overflow-wrap:anywhere}
h3{margin:1.75rem 0 .5rem;font-size:1rem;font-weight:600}
p{margin:0 0 1rem;max-width:42rem}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
small,.quiet{color:var(--muted);font-size:.875rem;font-weight:400}
code,pre{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85em}
pre{margin:.25rem 0 1rem;padding:.6rem .8rem;border:1px solid var(--grid);border-radius:3px;overflow-x:auto}
figure{margin:1.5rem 0}
figcaption,caption{color:var(--muted);font-size:.875rem;line-height:1.5;text-align:left}
figcaption{max-width:46rem;margin-top:.5rem}
caption{padding-bottom:.5rem}
caption span{display:block;max-width:calc(100vw - 2.5rem)}
.${figureClass}{display:block;min-width:40rem;max-width:100%;height:auto}
.scroll{overflow-x:auto;max-width:100%;margin:1rem 0}
.log{max-height:32rem;overflow-y:auto}
table{width:100%;border-collapse:collapse;border-bottom:1px solid var(--rule);font-size:.9375rem;line-height:1.4}
thead{border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}
th,td{padding:.35rem .8rem .35rem 0;text-align:left;vertical-align:baseline;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;vertical-align:bottom}
tbody th{overflow-wrap:anywhere;min-width:9rem}
tbody th.number{min-width:0}
.short{white-space:nowrap}
tbody th small{white-space:nowrap}
.number{text-align:right;white-space:nowrap}
thead .number{white-space:normal}
.final td,.final th{font-weight:600}
.final .message{font-weight:400}
.log table{font-size:.875rem}
.message{min-width:16rem;overflow-wrap:anywhere}
details{border-top:1px solid var(--grid);padding:.6rem 0}
details:last-of-type{border-bottom:1px solid var(--grid)}
summary{cursor:pointer;overflow-wrap:anywhere}
.name{font-weight:600}
dl{margin:1rem 0;font-size:.9375rem}
dl div{display:grid;grid-template-columns:11rem 1fr;gap:.1rem 1rem;padding:.15rem 0}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:36rem){header{padding-top:1.5rem}dl div{grid-template-columns:1fr;padding:.3rem 0}}
@media print{header,main,footer{max-width:none}.scroll,.log{overflow:visible;max-height:none}.${figureClass}{min-width:0}details::details-content{content-visibility:visible;height:auto}figure,tr{break-inside:avoid}h2,h3,caption,summary{break-after:avoid}}`;
}

function toVariables(theme: Theme): string {
  const { surface, ink, muted, rule, grid } = theme;
  return `--surface:${surface};--ink:${ink};--muted:${muted};--rule:${rule};--grid:${grid};`;
}
