/**
 * How each line of a chart looks on paper: the colours and patterns of the console's light theme, so that a report and
 * a page show the same thing alike, and a dash of its own where a line has no area, so that a grey print tells them
 * apart. Called by svg.ts.
 */

export type PatternName = 'plain' | 'diagonal' | 'dots' | 'grid' | 'horizontal';

export interface Look {
  readonly color: string;
  readonly pattern: PatternName;
  /** Fills down to zero though it is no part of a stack. */
  readonly filled?: boolean;
  readonly dash?: string;
}

const looks: { readonly [look: string]: Look } = {
  compressed: { color: '#0b7a75', pattern: 'plain' },
  merged: { color: '#a06900', pattern: 'diagonal' },
  remote: { color: '#6b4fbb', pattern: 'dots' },
  ballooned: { color: '#52647a', pattern: 'grid' },
  'on-disk': { color: '#7a4a2b', pattern: 'horizontal' },
  ephemeral: { color: '#1f6fb5', pattern: 'plain', dash: '5 3' },
  accent: { color: '#1d5fa8', pattern: 'horizontal' },
  resident: { color: '#3f4a56', pattern: 'plain' },
  'harm-some': { color: '#9c5000', pattern: 'plain', filled: true },
  'harm-full': { color: '#b3261e', pattern: 'diagonal', filled: true },
  'harm-swap': { color: '#6e3410', pattern: 'horizontal' },
  'harm-rejects': { color: '#8c2f5b', pattern: 'dots', dash: '6 2 1.5 2' },
};

/** For lines whose look nobody declared: told apart by their order. */
const others: readonly Look[] = [
  { color: '#3f4a56', pattern: 'plain' },
  { color: '#1f6fb5', pattern: 'diagonal', dash: '6 3' },
  { color: '#a06900', pattern: 'dots', dash: '2 2' },
  { color: '#6b4fbb', pattern: 'grid', dash: '8 2 2 2' },
  { color: '#0b7a75', pattern: 'horizontal', dash: '4 1.5' },
];

/** @param order of the line in its chart. */
export function lookOf(name: string, order: number): Look {
  return looks[name] ?? others[order % others.length] ?? { color: '#3f4a56', pattern: 'plain' };
}

/** The colour over white, as a colour of its own: paper knows no transparency, and some printers do not either. */
export function tint(color: string, share: number): string {
  const part = (from: number): string =>
    Math.round(255 - (255 - parseInt(color.slice(from, from + 2), 16)) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** What fills an area, and what its pattern is drawn with. */
export const groundOf = ({ color }: Look): string => tint(color, 0.34);
export const inkOf = ({ color }: Look): string => tint(color, 0.78);
