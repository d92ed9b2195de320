/** Reports: what somebody wants told of a span of time, and the one model that every format is written from. */
import type { EpochMs } from '#shared/units.ts';
import type { HostId } from '#shared/model/host.ts';
import type { Problem } from '#shared/problem.ts';

export const reportKinds = ['savings', 'host-health', 'guest', 'change-impact', 'inventory'] as const;
export type ReportKind = (typeof reportKinds)[number];

export const reportFormats = ['pdf', 'html', 'xlsx', 'csv', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** The last so many seconds, or from one moment to another. */
export type ReportSpan = { readonly lastSeconds: number } | { readonly from: number; readonly to: number };

export interface ReportRequest {
  readonly kind: ReportKind;
  readonly span: ReportSpan;
  /** All when empty. */
  readonly hosts: readonly HostId[];
  /** For `guest`: which. All of the hosts when empty. */
  readonly guests: readonly { readonly host: HostId; readonly guest: string }[];
  /** For `change-impact`: which. All within the span when empty. */
  readonly plans: readonly string[];
  readonly formats: readonly ReportFormat[];
}

export interface ReportFile {
  readonly name: string;
  readonly format: ReportFormat;
  readonly bytes: number;
}

export interface ReportInfo {
  readonly id: string;
  readonly title: string;
  readonly request: ReportRequest;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly askedAt: EpochMs;
  readonly state: 'waiting' | 'making' | 'done' | 'failed' | 'cancelled';
  /** 0…1, with what is being done. */
  readonly progress: number;
  readonly step: string;
  readonly lab: boolean;
  /** The schedule that asked for it. */
  readonly schedule?: string;
  readonly files: readonly ReportFile[];
  readonly problem?: Problem;
  /** What the reader should know of how it was made, such as "without a browser: laid out by the console itself". */
  readonly notes: readonly string[];
}

export interface ReportSchedule {
  readonly id: string;
  readonly title: string;
  readonly request: ReportRequest;
  readonly every: 'day' | 'week' | 'month';
  /** Monday is 1; for `week`. */
  readonly weekday: number;
  /** Minutes after midnight, local time. */
  readonly minute: number;
  /** A folder on the console's machine that a copy goes to; '' for none. */
  readonly folder: string;
  readonly enabled: boolean;
  readonly nextAt: EpochMs;
  readonly lastAt?: EpochMs;
}
export type ScheduleDraft = Omit<ReportSchedule, 'id' | 'nextAt' | 'lastAt'>;

/** A figure keeps its full value; `text` is how it is written on a page. */
export interface ReportCell {
  readonly text: string;
  readonly value?: number;
  /** Of `value`: bytes, pages, percent, seconds, money (the currency) or a count. */
  readonly unit?: string;
}

export interface ReportTable {
  /** A file-name-safe word, unique in the report: `hosts`, `mechanisms`. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly ReportCell[])[];
  readonly note?: string;
  /** False for one that programs read: it is in XLSX, CSV and JSON, and not on a page. */
  readonly printed?: boolean;
}

export interface ReportChartLine {
  readonly title: string;
  /** Of the page's mechanism colours and patterns: `compressed`, `merged`, `remote`, `ballooned`, `ephemeral`, `harm-some` … */
  readonly look: string;
  readonly pane: string;
  readonly stacked?: boolean;
  readonly dashed?: boolean;
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface ReportChart {
  readonly id: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** What one point is: "means of 1 hour". */
  readonly resolution: string;
  readonly panes: readonly {
    readonly id: string;
    readonly title: string;
    readonly unit: 'bytes' | 'percent' | 'rate' | 'count';
    readonly mirrored?: boolean;
  }[];
  readonly lines: readonly ReportChartLine[];
  readonly markers: readonly { readonly at: number; readonly letter: string; readonly title: string }[];
}

export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly sentences: readonly string[] }
  | {
      readonly kind: 'figures';
      readonly figures: readonly { readonly label: string; readonly cell: ReportCell; readonly note?: string }[];
    }
  | { readonly kind: 'table'; readonly table: ReportTable }
  | { readonly kind: 'chart'; readonly chart: ReportChart };

export interface ReportDocument {
  readonly kind: ReportKind;
  readonly title: string;
  /** "20 hosts", "host-07". */
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  readonly madeAt: number;
  /** `user@machine`. */
  readonly madeBy: string;
  readonly version: string;
  /** Printed across every page. */
  readonly lab: boolean;
  /** The three answers of the first page. */
  readonly answers: readonly { readonly question: string; readonly sentences: readonly string[] }[];
  readonly blocks: readonly ReportBlock[];
  /** Method and definitions, then data quality: at the end of each report. */
  readonly method: readonly ReportBlock[];
}
