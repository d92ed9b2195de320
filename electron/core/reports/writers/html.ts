/**
 * A report as one HTML file that needs nothing else: no script, no font, no picture from outside, and a policy that
 * forbids all of it. The master that Chromium and Electron print as PDF. All text is data and is escaped.
 * Called by the report worker.
 */
import { createHash } from 'node:crypto';
import type { ReportBlock, ReportCell, ReportChart, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { momentText } from '../format.ts';
import { spanWords } from './chart-time.ts';
import { reportStyle } from './html-style.ts';
import { escaped, fileWord } from './plain-text.ts';
import { chartSvg } from './svg.ts';

export const labWords = 'Lab data: simulated';

export function reportHtml(document: ReportDocument): string {
  const style = reportStyle(document.title, document.lab);
  const digest = createHash('sha256').update(style, 'utf8').digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  const body = [
    document.lab ? `<div class="watermark" aria-hidden="true"><span>${labWords}</span></div>` : '',
    head(document),
    answers(document),
    '<main>',
    ...document.blocks.map(block),
    '</main>',
    document.method.length === 0 ? '' : `<section class="method">${document.method.map(block).join('\n')}</section>`,
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="generator" content="Tmem Console ${escaped(document.version)}">`,
    `<title>${escaped(titleOf(document))}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    body.filter((part) => part !== '').join('\n'),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Of the file as a whole: what a reader's window and a PDF's properties say. */
export const titleOf = ({ title, subject, lab }: ReportDocument): string =>
  `${title}: ${subject}${lab ? ` (${labWords.toLowerCase()})` : ''}`;

export const madeWords = ({ madeAt, madeBy, version }: ReportDocument): string =>
  `Made ${momentText(madeAt)} by ${madeBy}, Tmem Console ${version}`;

const own = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

/** A name that is written from right to left, up to where the sentence goes on. */
const rightToLeft = /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][^\s(),;:]*)/u;

/** A sentence of the console's, from left to right; names in it keep their own direction and turn nothing around. */
const sentence = (text: string): string =>
  `<p>${text
    .split(rightToLeft)
    .map((part, index) => (index % 2 === 1 ? own(part) : escaped(part)))
    .join('')}</p>`;

function head(document: ReportDocument): string {
  return [
    '<header>',
    document.lab ? `<p class="lab">${labWords}</p>` : '',
    `<h1>${escaped(document.title)}</h1>`,
    `<p class="subject">${own(document.subject)}</p>`,
    `<p class="facts">${escaped(spanWords(document.from, document.to))}</p>`,
    `<p class="facts">${escaped(madeWords(document))}</p>`,
    '</header>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function answers({ answers: all }: ReportDocument): string {
  if (all.length === 0) return '';
  const one = ({ question, sentences }: (typeof all)[number]): string =>
    `<div class="answer"><h2>${escaped(question)}</h2><div>${sentences.map(sentence).join('')}</div></div>`;
  return `<section class="answers">${all.map(one).join('\n')}</section>`;
}

/** @param index in its list, so that what needs a name of its own has one. */
function block(of: ReportBlock, index: number): string {
  switch (of.kind) {
    case 'heading':
      return `<h2>${escaped(of.text)}</h2>`;
    case 'text':
      return of.sentences.map(sentence).join('\n');
    case 'figures':
      return `<dl class="figures">${of.figures.map(figure).join('')}</dl>`;
    case 'table':
      return of.table.printed === false ? '' : table(of.table);
    case 'chart':
      return chart(of.chart, `c${index}-${fileWord(of.chart.id)}`);
  }
}

/** The full value stands beside its text, for whoever reads the file with a program. */
const cell = ({ text, value, unit }: ReportCell): string =>
  value === undefined
    ? own(text)
    : `<data value="${escaped(String(value))}"${unit === undefined ? '' : ` data-unit="${escaped(unit)}"`}>${own(text)}</data>`;

function figure({ label, cell: of, note }: { label: string; cell: ReportCell; note?: string }): string {
  const below = note === undefined ? '' : `<dd class="note">${own(note)}</dd>`;
  return `<div class="figure"><dt>${own(label)}</dt><dd class="value">${cell(of)}</dd>${below}</div>`;
}

function table({ title, columns, rows, note }: ReportTable): string {
  const classOf = (index: number): string => (columns[index]?.align === 'right' ? ' class="n"' : '');
  const header = columns.map((column, index) => `<th scope="col"${classOf(index)}>${own(column.title)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((of, index) => `<td${classOf(index)}>${cell(of)}</td>`).join('')}</tr>`)
    .join('\n');
  return [
    `<section class="tablebox${columns.length > 7 ? ' wide' : ''}">`,
    `<h3>${own(title)}</h3>`,
    rows.length === 0
      ? '<p class="empty">Nothing to list.</p>'
      : `<table><thead><tr>${header}</tr></thead><tbody>\n${body}\n</tbody></table>`,
    note === undefined ? '' : `<p class="note">${own(note)}</p>`,
    '</section>',
  ].join('\n');
}

function chart(of: ReportChart, id: string): string {
  const marks = of.markers
    .map(({ at, letter, title }) => `<li><b>${escaped(letter)}</b> ${escaped(momentText(at))} ${own(title)}</li>`)
    .join('');
  return [
    '<figure>',
    `<h3>${own(of.title)}</h3>`,
    chartSvg(of, id),
    `<figcaption>${own(`Points are ${of.resolution}. Local time.`)}</figcaption>`,
    marks === '' ? '' : `<ul class="marks">${marks}</ul>`,
    '</figure>',
  ].join('\n');
}
