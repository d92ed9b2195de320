/**
 * Sections of a dump that hold what a command printed: `## dmesg-ramster`, `## net`. dump.ts keeps their lines as that
 * command's output, so that a platform finds them where it looks for the command.
 */
export function sectionCommand(section: string): string | undefined {
  if (/^dmesg(?:-[\w.-]{1,40})?$/.test(section)) return 'dmesg';
  return section === 'net' || section === 'netstat' ? 'netstat -tn' : undefined;
}
