/**
 * Synthetic input, made here to the kernels' formats, for what no recording shows: zcache v1 in sysfs, cleancache before
 * 3.4, partial builds, refused files. The figures are invented.
 */
import { parseDump } from '#core/platforms/kernel/dump.ts';
import type { Evidence, Unread } from '#core/platforms/platform.ts';

export type Texts = Readonly<Record<string, string>>;

export function syntheticEvidence(
  files: Texts,
  commands: Texts = {},
  unread: Readonly<Record<string, Unread>> = {},
): Evidence {
  const lines = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`));
  for (const [command, text] of Object.entries(commands)) {
    lines.push(`$ ${command}`, ...text.split('\n').map((line) => `> ${line}`), '$? 0');
  }
  const evidence = parseDump(`${lines.join('\n')}\n`);
  return { ...evidence, unread: new Map(Object.entries(unread).map(([path, why]) => [path, { why, words: why }])) };
}

const v1 = '/sys/kernel/mm/zcache';

/** Two ephemeral pages to a frame; 10 swapped pages of class 2, 5 of class 20: (20 + 100) · 64 bytes. */
export const syntheticV1: Texts = {
  '/proc/cmdline': 'ro root=/dev/sda1 zcache quiet',
  [`${v1}/zbud_curr_zpages`]: '4000',
  [`${v1}/zbud_curr_raw_pages`]: '2100',
  [`${v1}/zbud_curr_zbytes`]: '6000000',
  [`${v1}/zv_curr_dist_counts`]: `0 0 10 ${'0 '.repeat(17)}5 ${'0 '.repeat(41)}mean:8`,
  [`${v1}/zv_cumul_dist_counts`]: `0 0 30 ${'0 '.repeat(59)}mean:2`,
  [`${v1}/zbud_unbuddied_list_counts`]: `1 2 ${'0 '.repeat(60)}`.trimEnd(),
  [`${v1}/zbud_cumul_chunk_counts`]: `0 7 ${'0 '.repeat(60)}<=21:7 <=32:7 <=42:7, mean:1`,
  [`${v1}/failed_pers_puts`]: '12',
  [`${v1}/failed_eph_puts`]: '3',
  [`${v1}/flush_found`]: '40',
  [`${v1}/curr_obj_count`]: '9',
  [`${v1}/evicted_raw_pages`]: '11',
  [`${v1}/zv_max_zsize`]: '3584',
  [`${v1}/zv_max_mean_zsize`]: '2560',
  [`${v1}/zv_page_count_policy_percent`]: '75',
  '/sys/kernel/mm/cleancache/succ_gets': '300',
  '/sys/kernel/mm/cleancache/failed_gets': '100',
  '/sys/kernel/mm/cleancache/puts': '900',
  '/sys/kernel/mm/cleancache/flushes': '50',
};

const mm = '/sys/kernel/mm/ramster';
const config = '/sys/kernel/config/cluster/c1';

/** Node 1 of two, RAMster on, everything still at rest. */
export const syntheticNode: Texts = {
  '/proc/cmdline': 'zcache ramster',
  '/proc/uptime': '500.00 400.00',
  [`${mm}/manual_node_up`]: '0 1 ',
  [`${mm}/remote_target_nodenum`]: 'unset',
  [`${mm}/pers_remotify_enable`]: '0',
  [`${mm}/eph_remotify_enable`]: '0',
  [`${mm}/remote_pers_pages`]: '0',
  '/sys/kernel/debug/zcache/pers_zpages': '2000',
  '/sys/kernel/debug/zcache/pers_pageframes': '1000',
  '/sys/kernel/debug/zbud/pers_zpages': '2000',
  '/sys/kernel/debug/ramster/pers_pages_remoted': '0',
  '/sys/kernel/debug/ramster/eph_pages_remoted': '0',
  '/sys/kernel/debug/ramster/remote_pers_pages_succ_get': '0',
  '/sys/kernel/debug/ramster/remote_pages_flushed': '0',
  '/sys/kernel/debug/ramster/foreign_pers_pages': '0',
  [`${config}/idle_timeout_ms`]: '30000',
  ...syntheticConfigNode('a', '0', '10.0.0.1', '7777', '0'),
  ...syntheticConfigNode('b', '1', '10.0.0.2', '7777', '1'),
};

export function syntheticConfigNode(name: string, num: string, address: string, port: string, local: string): Texts {
  return {
    [`${config}/node/${name}/num`]: num,
    [`${config}/node/${name}/ipv4_address`]: address,
    [`${config}/node/${name}/ipv4_port`]: port,
    [`${config}/node/${name}/local`]: local,
  };
}

/** Of /proc/net/tcp: 10.0.0.2:7777 with 10.0.0.1:40000. */
export const syntheticLink =
  '   1: 0200000A:1E61 0100000A:9C40 01 00000000:00000000 02:0009E3F1 00000000     0        0 12345 2';
