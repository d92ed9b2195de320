/** The promise of the tokens: text at least 4.5:1 on its ground, marks 3:1, in both themes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/(--[a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const part = parseInt(hex.slice(i, i + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(ink: string, ground: string, theme: 'light' | 'dark'): number {
  const of = (name: string) => luminance(tokens.get(name)?.[theme] ?? expect.fail(`no token ${name}`));
  const [high = 0, low = 0] = [of(ink), of(ground)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const themes = ['light', 'dark'] as const;
const text = [
  ...['--text', '--muted', '--accent', '--harm-some', '--harm-full'].flatMap((ink) =>
    ['--page', '--panel', '--sunken', '--hover'].map((ground) => [ink, ground] as const),
  ),
  ['--text', '--selected'],
  ['--text', '--warn-ground'],
  ['--muted', '--warn-ground'],
  ['--text', '--bad-ground'],
  ['--muted', '--bad-ground'],
  ['--harm-full', '--bad-ground'],
  ['--harm-some', '--warn-ground'],
  ['--on-accent', '--accent'],
] as const;
const marks = ['compressed', 'merged', 'remote', 'ballooned', 'on-disk', 'ephemeral', 'resident'];
const harms = ['harm-some', 'harm-full', 'harm-swap', 'harm-rejects'];

describe.each(themes)('%s', (theme) => {
  it.each(text)('%s is readable on %s', (ink, ground) => {
    expect(contrast(ink, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  it.each([...marks, ...harms])('--%s can be seen on a panel', (mark) => {
    expect(contrast(`--${mark}`, '--panel', theme)).toBeGreaterThanOrEqual(3);
  });
});
