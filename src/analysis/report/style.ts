import { toPageStyle } from "../run-page/style.ts";

/** The style sheet of run pages, with what a report needs beside it. */
export function toReportStyle(): string {
  return `${toPageStyle()}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0 0;padding:0;list-style:none;font-size:.9375rem}
main ul,main ol{max-width:42rem;padding-left:1.25rem}
li{margin:.35rem 0}
.statements{padding-left:1.25rem}
.statements li{margin:1.25rem 0}
.statements p{margin:.25rem 0}
.claim{font-weight:600}
.verdict{border:1px solid var(--rule);border-radius:3px;padding:.1rem .5rem;font-weight:600}
.files{display:block;margin-top:.35rem}
.reasons div{grid-template-columns:18rem 1fr;padding:.4rem 0}
.reasons dt{overflow-wrap:anywhere}
td,tbody th{min-width:3.25rem}
details+p{margin-top:1rem}
@media print{nav,.files{display:none}}
@media (max-width:36rem){.reasons div{grid-template-columns:1fr}}`;
}
