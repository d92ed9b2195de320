/**
 * How a report looks, on a screen and on A4: light, calm, figures in columns. Written into the page itself; the page's
 * policy names it by its digest, so nothing else can style or run there. Called by html.ts.
 */
import { cssString } from './plain-text.ts';

export function reportStyle(title: string, lab: boolean): string {
  // Words in the margins of a page; browsers that cannot number pages leave them out.
  const margins = `@bottom-left{content:${cssString(title)};font:8pt system-ui,sans-serif;color:#59616a}@bottom-right{content:counter(page) " of " counter(pages);font:8pt system-ui,sans-serif;color:#59616a}${lab ? '@top-right{content:"Lab data: simulated";font:bold 8pt system-ui,sans-serif;color:#9c5000}' : ''}`;
  return `${sheet}@page{size:A4;margin:17mm 15mm 17mm 15mm;${margins}}`;
}

const sheet = `
:root{color-scheme:light;--text:#1c2024;--muted:#59616a;--line:#dcdedf;--strong:#7d8389}
*{box-sizing:border-box}
html{background:#f6f6f4}
body{margin:0 auto;padding:32px 40px 64px;max-width:780px;background:#fff;color:var(--text);font:13px/1.45 system-ui,-apple-system,'Segoe UI',Cantarell,'Noto Sans',sans-serif;font-variant-numeric:tabular-nums}
h1{margin:0;font-size:24px;line-height:1.2;font-weight:600}
h2{margin:28px 0 8px;font-size:16px;font-weight:600;break-after:avoid}
h3{margin:20px 0 6px;font-size:13px;font-weight:600;break-after:avoid}
p{margin:0 0 6px;max-width:68ch;overflow-wrap:anywhere}
header{padding-bottom:12px;border-bottom:2px solid var(--text);margin-bottom:16px}
header .subject{font-size:15px;margin:4px 0 8px}
header .facts{color:var(--muted);font-size:12px;margin:0}
.lab{display:inline-block;margin:0 0 8px;padding:2px 8px;border:1px solid #9c5000;border-radius:6px;color:#9c5000;font-weight:600;background:#fdf3e3}
.answers{display:grid;gap:12px;margin:0 0 20px}
.answer{display:grid;grid-template-columns:130px 1fr;gap:16px;break-inside:avoid}
.answer h2{margin:2px 0 0;font-size:13px;color:var(--muted)}
.answer p:first-child{font-size:15px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:8px;margin:12px 1px 16px}
.figure{padding:8px;border:1px solid var(--line);border-radius:6px;break-inside:avoid;overflow-wrap:break-word}
.figure dt{color:var(--muted);font-size:12px}
.figure dd{margin:0}
.figure .value{font-size:18px;font-weight:600;line-height:1.35}
.figure .note{color:var(--muted);font-size:11px;line-height:1.35}
figure{margin:12px 0 16px;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
figcaption{color:var(--muted);font-size:11px;margin-top:4px}
.marks{margin:4px 0 0;padding:0;list-style:none;font-size:11px}
.marks b{display:inline-block;min-width:20px}
table{width:100%;border-collapse:collapse;font-size:12px;margin:0 0 4px}
.wide table{font-size:10.5px}
.tablebox{margin:0 0 20px}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{padding:4px 8px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{border-bottom:1px solid var(--strong);font-weight:600;vertical-align:bottom;color:var(--muted)}
th.n,td.n{text-align:right;padding-left:8px;padding-right:0}
td.n{white-space:nowrap}
th.n+th:not(.n),td.n+td:not(.n){padding-left:16px}
td:not(.n){overflow-wrap:anywhere;min-width:7em;white-space:pre-line}
.wide td:not(.n){min-width:5em}
.wide td:first-child{min-width:9em}
.note{color:var(--muted);font-size:11px}
.method{border-top:2px solid var(--text);margin-top:32px;padding-top:4px}
.empty{color:var(--muted)}
.watermark{position:fixed;inset:0;display:grid;place-items:center;pointer-events:none;overflow:hidden;z-index:1}
.watermark span{transform:rotate(-55deg);font-size:76px;font-weight:700;white-space:nowrap;color:#9c5000;opacity:.13}
@media print{html{background:none}figure{margin:8px 0 12px}figure h3{margin-top:8px}body{max-width:none;padding:0;font-size:9.5pt;line-height:1.35;print-color-adjust:exact;-webkit-print-color-adjust:exact}p{max-width:none;margin-bottom:3px}table{font-size:8.5pt}.wide table{font-size:7.5pt}header{padding-bottom:8px;margin-bottom:10px}header .subject{margin:2px 0 4px}.answers{gap:8px;margin-bottom:10px}.answer p:first-child{font-size:10.5pt}.figures{grid-template-columns:repeat(5,1fr);gap:5px;margin:8px 1px}.figure{padding:4px 6px;overflow-wrap:break-word}.figure dt{font-size:7.5pt}.figure .value{font-size:11.5pt}.figure .note{font-size:7pt}.method table{font-size:7.5pt}.method th,.method td{padding-top:2px;padding-bottom:2px}}
`;
