/** What a column of VirtualTable is. Cells are text unless the table's `cell-<id>` slot draws them. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** In rem: columns have fixed widths, so that nothing moves while figures do. */
  readonly width: number;
  /** Right-aligned, in figures of equal width. */
  readonly figure?: boolean;
  /** What the column shows, said on hover of its head. */
  readonly about?: string;
  readonly text?: (row: Row) => string;
  /** By what it sorts; without it the column does not. Rows without a value come last, either way round. */
  readonly sortBy?: (row: Row) => string | number | undefined;
  /** Where a first click begins. */
  readonly first?: 'up' | 'down';
  /** Shown until a person hides it; the first column is always shown. */
  readonly hidden?: boolean;
}

export interface SortOrder {
  readonly column: string;
  readonly direction: 'up' | 'down';
}
