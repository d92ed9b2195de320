/** The truths about a guest as lines of a table, in the order people read them: what it costs, then what it may, then what it does. */
import type { Said } from '#shared/model/guest.ts';
import { costParts, costWords, type CostPart, type GuestTruths } from './guest-bar.ts';

export interface TruthLine {
  readonly id: CostPart | 'allowed' | 'uses' | 'promised';
  readonly title: string;
  /** Who is asked: the host, the balloon, the guest, the configuration. */
  readonly about: string;
  readonly said?: Said;
}

const costAbout: Readonly<Record<CostPart, string>> = {
  resident: 'uncompressed RAM the host pays',
  compressed: 'RAM the host pays for compressed pages',
  remote: 'pages kept by another machine',
  onDisk: 'pages on a swap device and nowhere else',
};

/** Parts of the cost that nobody mentions are left out, except what is resident: that one is always owed. */
export function truthLines(truths: GuestTruths): readonly TruthLine[] {
  const line = (id: TruthLine['id'], title: string, about: string, said: Said | undefined): TruthLine =>
    said === undefined ? { id, title, about } : { id, title, about, said };
  return [
    ...costParts
      .filter((part) => part === 'resident' || truths.pays[part] !== undefined)
      .map((part) => line(part, costWords[part], costAbout[part], truths.pays[part])),
    line('uses', 'Guest uses', 'what the guest itself says', truths.uses),
    line('allowed', 'Balloon allows', 'as far as the guest may go now', truths.allowed),
    line('promised', 'Promised', 'the most it may ever have', truths.promised),
  ];
}
