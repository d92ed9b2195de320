/**
 * Taking the text of a new agent: each of its lines behind a `+`, then `=over CKSUM BYTES`. The lab's machines have
 * nothing to put it on; what is checked is that it arrived whole.
 */
import { cksum } from '#core/platforms/cksum.ts';
import { not, ok } from './answer.ts';
import type { Answer } from './answer.ts';

export interface Installing {
  /** The answer once the last line is there, undefined until then. One character a byte. */
  line(text: string): Answer | undefined;
}

export function createInstalling(): Installing {
  let script = '';
  return {
    line: (text) => {
      if (text.startsWith('+')) {
        script += `${text.slice(1)}\n`;
        return undefined;
      }
      const bytes = Buffer.from(script, 'latin1');
      return text === `=over ${cksum(bytes)} ${bytes.length}`
        ? ok()
        : not('failed', 'the text of the agent did not arrive whole');
    },
  };
}
