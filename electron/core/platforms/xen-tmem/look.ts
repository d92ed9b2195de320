/** Everything the readers and the detection ask of the evidence, parsed once. */
import type { Evidence } from '../platform.ts';
import { parseInteger } from '../kernel/integer.ts';
import { domainList } from './xl/domains.ts';
import type { DomainList } from './xl/domains.ts';
import { xenVersion, xlInfo } from './xl/info.ts';
import type { XenVersion, XlInfo } from './xl/info.ts';
import { tmemList } from './xl/tmem-list.ts';
import type { TmemList } from './xl/tmem-list.ts';

export interface Look {
  readonly evidence: Evidence;
  readonly info: XlInfo;
  readonly version: XenVersion | undefined;
  readonly list: TmemList | undefined;
  readonly domains: DomainList | undefined;
  /** Of the hypervisor, where it says so. */
  readonly pageSize: number;
}

export function lookAt(evidence: Evidence): Look {
  const info = xlInfo(evidence);
  const said = parseInteger(info.get('xen_pagesize')?.value ?? '');
  return {
    evidence,
    info,
    version: xenVersion(info, evidence),
    list: tmemList(evidence),
    domains: domainList(evidence),
    pageSize: said !== undefined && said >= 1024 && said <= 2 ** 24 ? said : evidence.pageSize,
  };
}
