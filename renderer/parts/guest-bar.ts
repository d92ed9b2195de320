/**
 * Where everything of a guest bar stands, as shares of its length. Pure: GuestBar.vue draws it. The bar is as long as
 * the promised maximum; when what is said adds up to more than that, it is as long as the larger sum and says so.
 */
import type { GuestCost, Said } from '#shared/model/guest.ts';
import { formatBytes } from '#shared/format/bytes.ts';

export interface GuestTruths {
  readonly promised?: Said;
  readonly allowed?: Said;
  readonly uses?: Said;
  readonly pays: GuestCost;
}

/** In the order they are drawn: nearest to the guest first. */
export const costParts = ['resident', 'compressed', 'remote', 'onDisk'] as const;
export type CostPart = (typeof costParts)[number];
export const costWords: Readonly<Record<CostPart, string>> = {
  resident: 'Resident',
  compressed: 'Compressed',
  remote: 'In another machine’s RAM',
  onDisk: 'On disk',
};

/** From 0 to 1, `from` not above `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface GuestBarShape {
  readonly segments: readonly (Span & { readonly part: CostPart })[];
  /** Where the outline of the promise ends: 1, or less when something says more than was promised. */
  readonly promised?: number;
  /** Where the balloon stops the guest. */
  readonly notch?: number;
  /** How much the guest says it uses. */
  readonly tick?: number;
  /** Nobody says what the host pays: hatched, as far as the guest may go. */
  readonly unknown?: Span;
  /** What is said adds up to more than the promise. */
  readonly over: boolean;
}

/** Bytes of a figure, or undefined when it is missing or makes no sense as a size. */
function size(said: Said | undefined): number | undefined {
  return said !== undefined && Number.isFinite(said.bytes) && said.bytes >= 0 ? said.bytes : undefined;
}

export function guestBar(truths: GuestTruths): GuestBarShape {
  const promised = size(truths.promised);
  const allowed = size(truths.allowed);
  const uses = size(truths.uses);
  const parts = costParts.map((part) => ({ part, bytes: size(truths.pays[part]) ?? 0 }));
  const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
  const scale = Math.max(promised ?? 0, allowed ?? 0, uses ?? 0, sum);
  const over = promised !== undefined && scale > promised;
  if (!(scale > 0 && Number.isFinite(scale))) return { segments: [], unknown: { from: 0, to: 1 }, over: false };

  const at = (bytes: number): number => Math.min(1, bytes / scale);
  const segments: (Span & { part: CostPart })[] = [];
  let drawn = 0;
  for (const { part, bytes } of parts) {
    if (bytes > 0) segments.push({ part, from: at(drawn), to: at(drawn + bytes) });
    drawn += bytes;
  }
  const unpaid = size(truths.pays.resident) === undefined;
  const end = Math.max(at(sum), at(allowed ?? promised ?? scale));
  return {
    segments,
    over,
    ...(promised === undefined ? {} : { promised: at(promised) }),
    ...(allowed === undefined ? {} : { notch: at(allowed) }),
    ...(uses === undefined ? {} : { tick: at(uses) }),
    ...(unpaid && end > at(sum) ? { unknown: { from: at(sum), to: end } } : {}),
  };
}

/** RAM of this host that the guest takes: what is resident and what is compressed. Undefined when nobody says. */
export function paidRam(pays: GuestCost): number | undefined {
  const resident = size(pays.resident);
  return resident === undefined ? undefined : resident + (size(pays.compressed) ?? 0);
}

/** The bar as a sentence, for those who do not see it. */
export function guestBarWords(truths: GuestTruths): string {
  const paid = costParts
    .map((part) => ({ part, bytes: size(truths.pays[part]) }))
    .filter(({ bytes }) => bytes !== undefined && bytes > 0)
    .map(({ part, bytes }) => `${formatBytes(bytes)} ${inSentence[part]}`);
  const said = (of: Said | undefined): string => (size(of) === undefined ? 'unknown' : formatBytes(size(of)));
  return [
    `The host pays ${size(truths.pays.resident) === undefined && paid.length === 0 ? 'an unknown amount' : paid.join(', ') || '0'}`,
    `the balloon allows ${said(truths.allowed)}`,
    `the guest uses ${said(truths.uses)}`,
    `promised ${said(truths.promised)}`,
    ...(guestBar(truths).over ? ['together more than was promised, so the bar is longer than the promise'] : []),
  ].join('; ');
}

const inSentence: Readonly<Record<CostPart, string>> = {
  resident: 'resident',
  compressed: 'compressed',
  remote: 'in another machine’s RAM',
  onDisk: 'on disk',
};
