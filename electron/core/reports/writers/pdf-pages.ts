/**
 * A report as PDF without any browser: laid out by pdfmake from the document itself, with the charts as vectors. For
 * consoles on servers, where no engine is installed. Slow for long tables, so it runs in the report worker only.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces.js';
import type { ReportBlock, ReportChart, ReportDocument, ReportTable } from '#shared/model/report.ts';
import { momentText } from '../format.ts';
import { spanWords } from './chart-time.ts';
import { labWords, madeWords, titleOf } from './html.ts';
import { columnWidths, padding } from './pdf-columns.ts';
import { allInTypeface, inTypeface } from './pdf-typeface.ts';
import { chartSvg } from './svg.ts';

const ink = { text: '#1c2024', muted: '#59616a', line: '#dcdedf', strong: '#7d8389', lab: '#9c5000' };
/** Points. A4 less the margins on either side. */
const margin = 43;
const width = 595 - 2 * margin;

export async function reportPdf(document: ReportDocument): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  const fonts = require('pdfmake/fonts/Roboto.js') as TFontDictionary;
  const folder = dirname(require.resolve('pdfmake/fonts/Roboto.js')) + sep;
  pdfmake.setFonts(fonts);
  // Nothing in a report is an address: the typeface is all that may be read.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(folder));
  return pdfmake.createPdf(definition(document)).getBuffer();
}

const print = inTypeface;

function definition(document: ReportDocument): TDocumentDefinitions {
  const small = { fontSize: 7.5, color: ink.muted };
  return {
    info: { title: print(titleOf(document)), creator: `Tmem Console ${document.version}`, producer: 'Tmem Console' },
    pageSize: 'A4',
    pageMargins: [margin, 42, margin, 42],
    language: 'en',
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.2, color: ink.text },
    ...(document.lab
      ? {
          watermark: { text: labWords, color: ink.lab, opacity: 0.13, bold: true, angle: -55, fontSize: 62 },
          header: {
            text: labWords,
            ...small,
            color: ink.lab,
            bold: true,
            alignment: 'right',
            margin: [margin, 20, margin, 0],
          },
        }
      : {}),
    footer: (page, pages) => ({
      columns: [
        { text: print(document.title), ...small },
        { text: `${page} of ${pages}`, ...small, alignment: 'right' },
      ],
      margin: [margin, 14, margin, 0],
    }),
    content: [
      ...head(document),
      ...answers(document),
      ...document.blocks.flatMap((of, index) => block(of, index)),
      ...(document.method.length === 0 ? [] : [rule(1.2, 14)]),
      ...document.method.flatMap((of, index) => block(of, index + document.blocks.length, true)),
    ],
    // A heading so far down would stand there alone.
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 1 && startPosition.verticalRatio > 0.86,
  };
}

const rule = (lineWidth: number, above: number): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth, lineColor: ink.text }],
  margin: [0, above, 0, 8],
});

function head(document: ReportDocument): Content[] {
  return [
    ...(document.lab ? [{ text: labWords, color: ink.lab, bold: true, margin: [0, 0, 0, 4] } satisfies Content] : []),
    { text: print(document.title), fontSize: 17, bold: true },
    { text: print(document.subject), fontSize: 11.5, margin: [0, 1, 0, 3] },
    { text: print(spanWords(document.from, document.to)), color: ink.muted, fontSize: 8.5 },
    { text: print(madeWords(document)), color: ink.muted, fontSize: 8.5 },
    ...(allInTypeface(document)
      ? []
      : [
          {
            text: 'The mark \ufffd stands for letters that this typeface does not have.',
            color: ink.muted,
            fontSize: 8.5,
          },
        ]),
    rule(1.2, 5),
  ];
}

const answers = ({ answers: all }: ReportDocument): Content[] =>
  all.map(({ question, sentences }) => ({
    columns: [
      { text: print(question), bold: true, color: ink.muted, width: 100, margin: [0, 2, 0, 0] },
      {
        stack: sentences.map((words, index) => ({
          text: print(words),
          fontSize: index === 0 ? 10 : 8.5,
          lineHeight: 1.1,
          margin: [0, 0, 0, 0.5],
        })),
        width: '*',
      },
    ],
    columnGap: 12,
    margin: [0, 0, 0, 3],
    unbreakable: true,
  }));

/** @param appendix of the end of the report: tables that are looked up and not read through. */
function block(of: ReportBlock, index: number, appendix = false): Content[] {
  switch (of.kind) {
    case 'heading':
      return [{ text: print(of.text), fontSize: 13, bold: true, margin: [0, 14, 0, 5], headlineLevel: 1 }];
    case 'text':
      return of.sentences.map((words) => ({ text: print(words), margin: [0, 0, 0, 3] }));
    case 'figures':
      return [figures(of.figures)];
    case 'table':
      return of.table.printed === false ? [] : table(of.table, appendix);
    case 'chart':
      return [chart(of.chart, `c${index}`)];
  }
}

const perRow = 5;

function figures(all: Extract<ReportBlock, { kind: 'figures' }>['figures']): Content {
  const tiles: TableCell[] = all.map(({ label, cell, note }) => ({
    stack: [
      { text: print(label), color: ink.muted, fontSize: 7.5 },
      { text: print(cell.text), fontSize: 11.5, bold: true },
      ...(note === undefined ? [] : [{ text: print(note), color: ink.muted, fontSize: 7 }]),
    ],
  }));
  const rows: TableCell[][] = [];
  for (let first = 0; first < tiles.length; first += perRow) {
    const row = tiles.slice(first, first + perRow);
    rows.push([
      ...row,
      ...Array.from({ length: perRow - row.length }, () => ({
        text: '',
        border: [false, false, false, false] as [boolean, boolean, boolean, boolean],
      })),
    ]);
  }
  return {
    table: { widths: Array.from({ length: perRow }, () => '*'), body: rows, dontBreakRows: true },
    layout: lined(() => 0.6, ink.line, 5),
    margin: [0, 4, 0, 6],
  };
}

const lined = (lineWidth: (row: number) => number, color: string, padding: number): object => ({
  hLineWidth: lineWidth,
  vLineWidth: () => 0.6,
  hLineColor: () => color,
  vLineColor: () => color,
  paddingLeft: () => padding,
  paddingRight: () => padding,
  paddingTop: () => 3,
  paddingBottom: () => 2,
});

function table(of: ReportTable, appendix: boolean): Content[] {
  const { title, columns, rows, note } = of;
  const name = { text: print(title), bold: true, fontSize: 10 };
  const end: Content = {
    text: note === undefined ? '' : print(note),
    color: ink.muted,
    fontSize: 8,
    margin: [0, 3, 0, 8],
  };
  if (rows.length === 0)
    return [{ ...name, margin: [0, 10, 0, 3] }, { text: 'Nothing to list.', color: ink.muted }, end];
  const fontSize = columns.length > 11 ? 6.5 : columns.length > 7 || appendix ? 7 : 8.5;
  return [
    {
      table: {
        // Its name is part of its head: neither is ever left behind, and both come again on the next page.
        headerRows: 2,
        keepWithHeaderRows: 1,
        dontBreakRows: true,
        widths: columnWidths(of, width, fontSize),
        body: [
          [{ ...name, colSpan: columns.length }, ...columns.slice(1).map(() => ({}))],
          columns.map((column) => ({
            text: print(column.title),
            bold: true,
            color: ink.muted,
            alignment: column.align,
          })),
          ...rows.map((row) =>
            columns.map((column, index) => ({ text: print(row[index]?.text ?? ''), alignment: column.align })),
          ),
        ],
      },
      fontSize,
      margin: [0, 8, 0, 0],
      layout: {
        hLineWidth: (row) => (row < 2 ? 0 : row === 2 ? 0.9 : 0.4),
        vLineWidth: () => 0,
        hLineColor: (row) => (row === 2 ? ink.strong : ink.line),
        paddingLeft: (column) => (column === 0 ? 0 : padding),
        paddingRight: (column) => (column === columns.length - 1 ? 0 : padding),
        paddingTop: () => (appendix ? 1.5 : 2.5),
        paddingBottom: () => (appendix ? 1 : 2),
      },
    },
    end,
  ];
}

function chart(of: ReportChart, id: string): Content {
  return {
    stack: [
      { text: print(of.title), bold: true, fontSize: 10, margin: [0, 6, 0, 4] },
      { svg: inTypeface(chartSvg(of, id)), width },
      { text: print(`Points are ${of.resolution}. Local time.`), color: ink.muted, fontSize: 8, margin: [0, 3, 0, 2] },
      ...of.markers.map(({ at, letter, title }) => ({
        text: [{ text: `${print(letter)}   `, bold: true }, print(`${momentText(at)} ${title}`)],
        fontSize: 8,
      })),
    ],
    unbreakable: true,
    margin: [0, 0, 0, 8],
  };
}
