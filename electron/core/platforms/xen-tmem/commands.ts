/**
 * The fixed commands of this platform: POSIX sh, read-only, without a word from the host or the console in them.
 * Options stand before everything else: `xl tmem-list guest -l` silently prints the short list.
 *
 * Each costs a process that opens the hypervisor (seen: 0.3 s of CPU under emulation, tens of milliseconds on the
 * machines of 2012). So only the two whose figures move are asked every ten seconds: at most 6 % of a core under
 * emulation; the rest once a minute or once. `xl list` without -v would cost the same and lack the uuid.
 */
import type { FixedCommand } from '../platform.ts';

export const xlTmemList = 'xl tmem-list -l -a';
export const xlList = 'xl list -v';
export const xlInfo = 'xl info';
export const xlFreeable = 'xl tmem-freeable';
export const xlClaims = 'xl claims';
export const xlConfigs = 'xl list -l | grep -e domid -e uuid -e max_memkb -e target_memkb';
export const xlDmesg = 'xl dmesg | grep -F tmem | tail -n 40';
export const xentop = 'xentop -b -i 1 -f';

/** The hypervisor's version without a process; empty where /sys does not tell. */
const readMinor = `minor=
read -r minor 2>/dev/null </sys/hypervisor/version/minor`;

/** Xen 4.0 has no xl. Where both are, xl is asked and xm stays silent. */
const onlyWithoutXl = (command: string): string => `command -v xl >/dev/null 2>&1 || exec ${command}`;

export const commands: readonly FixedCommand[] = [
  {
    name: 'xen-tmem-list',
    every: '10s',
    needs: 'xl',
    shown: xlTmemList,
    // 4.13 and later do not know the word.
    script: `${readMinor}
case $minor in '' | [0-9] | 1[0-2]) exec ${xlTmemList} ;; esac`,
  },
  { name: 'xen-list', every: '10s', needs: 'xl', shown: xlList, script: `exec ${xlList}` },
  { name: 'xen-info', every: 'minute', needs: 'xl', shown: xlInfo, script: `exec ${xlInfo}` },
  {
    name: 'xen-freeable',
    every: 'minute',
    needs: 'xl',
    shown: xlFreeable,
    // From 4.8 on it prints 0, always: there it is not even started.
    script: `${readMinor}
case $minor in [0-7]) exec ${xlFreeable} ;; esac`,
  },
  { name: 'xen-claims', every: 'minute', needs: 'xl', shown: xlClaims, script: `exec ${xlClaims}` },
  {
    name: 'xen-top',
    every: 'minute',
    needs: 'xentop',
    shown: xentop,
    script: `exec ${xentop} </dev/null`,
  },
  {
    name: 'xen-configs',
    every: 'minute',
    needs: 'xl',
    shown: xlConfigs,
    // The whole holds VNC passwords and kernel command lines: only these four leave the host.
    script: `xl list -l 2>/dev/null | grep -E '^ *"(domid|uuid|max_memkb|target_memkb)":'
true`,
  },
  {
    name: 'xen-dmesg',
    every: 'connect',
    needs: 'xl',
    shown: xlDmesg,
    // Without -c the ring stays as it is.
    script: xlDmesg,
  },
  {
    name: 'xen-xm-tmem-list',
    every: '10s',
    needs: 'xm',
    shown: 'xm tmem-list -l -a',
    script: onlyWithoutXl('xm tmem-list -l -a'),
  },
  { name: 'xen-xm-list', every: '10s', needs: 'xm', shown: 'xm list', script: onlyWithoutXl('xm list') },
  { name: 'xen-xm-info', every: 'minute', needs: 'xm', shown: 'xm info', script: onlyWithoutXl('xm info') },
];
