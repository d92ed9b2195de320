/**
 * The counters of `xl tmem-list`, under the kernel's own two letters, in the order in which it prints them
 * (docs/domain.md 3.2).
 */
export const globalShort = 'Tt Te Cf Af Pf Ta Lm Et Ea Rt Ra Rx Fp'.split(' ') as readonly GlobalKey[];
export const globalLong = 'Ec Em Oc Om Nc Nm Pc Pm Fc Fm Sc Sm Ep Gd Zt Gz'.split(' ') as readonly GlobalKey[];
export const clientShort = 'ww ca co fr Tc Ge Pp Gp'.split(' ') as readonly ClientKey[];
export const clientLong = 'Ec Em cp cb cn cm'.split(' ') as readonly ClientKey[];
export const poolLong = 'Pc Pm Oc Om Nc Nm ps pt pd pr px gs gt fs ft os ot'.split(' ') as readonly PoolKey[];

type Gauge = 'Ec' | 'Em';
type Shape = 'Pc' | 'Pm' | 'Oc' | 'Om' | 'Nc' | 'Nm';
export type GlobalKey =
  | ('Tt' | 'Te' | 'Cf' | 'Af' | 'Pf' | 'Ta' | 'Lm' | 'Et' | 'Ea' | 'Rt' | 'Ra' | 'Rx' | 'Fp')
  | Gauge
  | Shape
  | ('Fc' | 'Fm' | 'Sc' | 'Sm' | 'Ep' | 'Gd' | 'Zt' | 'Gz');
export type ClientKey = 'ww' | 'ca' | 'co' | 'fr' | 'Tc' | 'Ge' | 'Pp' | 'Gp' | Gauge | 'cp' | 'cb' | 'cn' | 'cm';
export type PoolKey = Shape | ('ps' | 'pt' | 'pd' | 'pr' | 'px' | 'gs' | 'gt' | 'fs' | 'ft' | 'os' | 'ot');

const zeroes = <Key extends string>(keys: readonly Key[]): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;

export const globalStats = (): Record<GlobalKey, number> => zeroes([...globalShort, ...globalLong]);
export const clientStats = (): Record<ClientKey, number> => zeroes([...clientShort, ...clientLong]);
export const poolStats = (): Record<PoolKey, number> => zeroes(poolLong);

/** Moves a gauge and remembers its highest. */
export function move<Now extends string, Most extends string>(
  stats: Record<Now | Most, number>,
  now: Now,
  most: Most,
  by: number,
): void {
  const level = stats[now] + by;
  stats[now] = level as Record<Now | Most, number>[Now];
  if (level > stats[most]) stats[most] = level as Record<Now | Most, number>[Most];
}
