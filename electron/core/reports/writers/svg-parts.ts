/** What the parts of a chart's drawing share: elements of SVG, and the colours of what is no line. Called by svg.ts. */
import type { ReportChart } from '#shared/model/report.ts';
import type { Layout } from './chart-layout.ts';
import { escaped } from './plain-text.ts';

export const ink = { text: '#1c2024', muted: '#59616a', grid: '#dfe1e2', axis: '#7d8389', silence: '#c9cdd1' };

export interface Drawing extends Layout {
  readonly chart: ReportChart;
  /** Ids are unique in a document. */
  readonly id: string;
}

export const px = (value: number): string => String(Math.round(value * 10) / 10);
const attributes = (of: { readonly [name: string]: string | number | undefined }): string =>
  Object.entries(of)
    .map(([name, value]) =>
      value === undefined ? '' : ` ${name}="${typeof value === 'number' ? px(value) : escaped(value)}"`,
    )
    .join('');
export const tag = (name: string, of: { readonly [name: string]: string | number | undefined }): string =>
  `<${name}${attributes(of)}/>`;
export const words = (x: number, y: number, text: string, anchor = 'start', fill = ink.text, weight?: string): string =>
  `<text${attributes({ x, y, 'text-anchor': anchor, fill, 'font-weight': weight })}>${escaped(text)}</text>`;
