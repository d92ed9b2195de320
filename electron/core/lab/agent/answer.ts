/** One answer of the lab's agent: what stands between `=begin` and `=end`, and how it ended. */
export interface Answer {
  readonly lines: readonly string[];
  readonly end: string;
}

export const ok = (lines: readonly string[] = []): Answer => ({ lines, end: 'ok' });
/** Not `ok`, in one of the four ways of the protocol. */
export const not = (end: 'refused' | 'failed' | 'conflict', words: string): Answer => ({
  lines: [],
  end: `${end} ${words}`,
});
export const absent: Answer = { lines: [], end: 'absent' };

export const linesOf = (content: string): string[] => {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};
