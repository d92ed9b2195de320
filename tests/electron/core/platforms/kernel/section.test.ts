import { expect, test } from 'vitest';
import { sectionCommand } from '#core/platforms/kernel/section.ts';

test.each([
  ['dmesg', 'dmesg'],
  ['dmesg-ramster', 'dmesg'],
  ['net', 'netstat -tn'],
  ['meminfo', undefined],
  ['values', undefined],
  ['dmesg and more', undefined],
])('## %s', (section, command) => {
  expect(sectionCommand(section)).toBe(command);
});
