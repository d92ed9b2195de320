/** How the tmem of one Xen version differs from another's (docs/domain.md 3.1). The model and its lists ask here. */
export const xenVersions = ['4.1', '4.4', '4.7', '4.11'] as const;
export type XenVersion = (typeof xenVersions)[number];

export interface XenTraits {
  readonly version: XenVersion;
  readonly minor: number;
  /** `.4` of 4.11.4. */
  readonly extra: string;
  /** `ca` is kept and listed (4.0–4.7); it was never enforced. */
  readonly cap: boolean;
  /** From 4.9 on a domain joins a shared pool only when authorised; before, `tmem_shared_auth` asks for it. */
  readonly alwaysAuthorises: boolean;
  /** `Tt` counts lists and settings as well (seen on 4.4.4, not on 4.11.4). */
  readonly countsControl: boolean;
  /** `Pf` counts refusals at a domain's own limit too (seen on 4.11.4, not on 4.4.4). */
  readonly limitIsAllocFailure: boolean;
  /** libxl returns the figure; from 4.8 on it returns its own return code, which is 0. */
  readonly tellsFreeable: boolean;
  /** Settings are written one by one; later `tmem-set -a` writes a blank client back whole. */
  readonly setsAlone: boolean;
}

const old = {
  cap: true,
  alwaysAuthorises: false,
  countsControl: true,
  limitIsAllocFailure: false,
  tellsFreeable: true,
  setsAlone: true,
};

const traits: Readonly<Record<XenVersion, XenTraits>> = {
  '4.1': { ...old, version: '4.1', minor: 1, extra: '.3' },
  '4.4': { ...old, version: '4.4', minor: 4, extra: '.4' },
  '4.7': { ...old, version: '4.7', minor: 7, extra: '.6' },
  '4.11': {
    version: '4.11',
    minor: 11,
    extra: '.4',
    cap: false,
    alwaysAuthorises: true,
    countsControl: false,
    limitIsAllocFailure: true,
    tellsFreeable: false,
    setsAlone: false,
  },
};

export const traitsOf = (version: XenVersion): XenTraits => traits[version];
