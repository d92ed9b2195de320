/** Balloons: libvirt's by `virsh`, Proxmox' by `qm` (docs/domain.md 4.4). */
import type { KnobDef } from '#shared/model/knob.ts';
import type { CommandKnob } from '../../change.ts';

const virshDoc = 'https://libvirt.org/manpages/virsh.html';

/** The end of a read that found nothing: 3 only when libvirt itself says that the guest does not run. */
const notTold = `running=$(virsh -r list --uuid) || exit 1
case $running in *"$(printf '%s' "$1" | tr A-F a-f)"*)
  echo 'libvirt tells nothing of its balloon' >&2
  exit 1
  ;;
esac
exit 3`;

export const libvirtBalloonKnob: CommandKnob = {
  kind: 'command',
  name: 'libvirt.balloon',
  instance: 'uuid',
  value: { kind: 'number', min: 1024, max: 1_099_511_627_776 },
  check: 'settles',
  needs: 'virsh',
  read: `now=$(virsh -r dommemstat "$1" 2>/dev/null | sed -n 's/^actual \\([0-9][0-9]*\\)$/\\1/p')
if [ -n "$now" ]; then
  printf '%s\\n' "$now"
  exit
fi
${notTold}`,
  write: `virsh setmem "$1" "$2" --live`,
  shownAs: 'virsh setmem INSTANCE VALUE --live',
  seconds: 30,
};

export const libvirtPeriodKnob: CommandKnob = {
  kind: 'command',
  name: 'libvirt.balloon-period',
  instance: 'uuid',
  value: { kind: 'number', min: 0, max: 86_400 },
  check: 'exact',
  needs: 'virsh',
  // Only a running domain has a number, and only then --live can be meant.
  read: `xml=$(virsh -r dumpxml "$1" 2>/dev/null)
if printf '%s\\n' "$xml" | grep -q '^ *<domain [^>]* id='; then
  now=$(printf '%s\\n' "$xml" | sed -n "/<memballoon/,/<\\/memballoon>/s/.*<stats period=['\\"]\\([0-9]*\\)['\\"].*/\\1/p")
  printf '%s\\n' "\${now:-0}"
  exit
fi
${notTold}`,
  write: `virsh dommemstat "$1" --period "$2" --live`,
  shownAs: 'virsh dommemstat INSTANCE --period VALUE --live',
  seconds: 30,
};

export const proxmoxBalloonKnob: CommandKnob = {
  kind: 'command',
  name: 'proxmox.balloon',
  instance: 'number',
  value: { kind: 'parts', parts: 1, also: ['unset'] },
  check: 'exact',
  needs: 'qm',
  // A line [name] opens a snapshot, whose settings are not in force.
  read: `conf=/etc/pve/qemu-server/$1.conf
if [ ! -r "$conf" ]; then
  [ ! -d /etc/pve/qemu-server ] || exit 3
  echo '/etc/pve is not there: pve-cluster does not run' >&2
  exit 1
fi
now='unset'
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
  '['*) break ;;
  balloon:*) now=\${line#balloon:} now=\${now# } ;;
  esac
done <"$conf"
printf '%s\\n' "$now"`,
  write: `case "$2" in
unset) qm set "$1" --delete balloon ;;
''|*[!0-9]*) echo "the balloon is no number of MiB"; exit 1 ;;
*) qm set "$1" --balloon "$2" ;;
esac`,
  shownAs: 'qm set INSTANCE --balloon VALUE',
  seconds: 30,
};

export const balloonDefs: readonly KnobDef[] = [
  {
    id: 'libvirt.balloon',
    title: 'Balloon target',
    of: 'guest',
    target: 'virsh setmem NAME KIB --live',
    range: { kind: 'number', min: 65_536, max: 1_099_511_627_776, unit: 'KiB' },
    survives: 'nothing',
    help: 'What the guest may have of its memory. Its balloon moves there in the seconds that follow.',
    traps: [
      'Below what the guest uses it swaps inside or kills programs; nobody refuses that.',
      'A guest without a balloon driver never gets there.',
      'It lasts until the guest is started anew.',
    ],
    doc: virshDoc,
    readBy: 'guest.allowed',
  },
  {
    id: 'libvirt.balloon-period',
    title: 'Balloon statistics every',
    of: 'guest',
    target: 'virsh dommemstat NAME --period SECONDS --live',
    range: { kind: 'number', min: 0, max: 3600, unit: 's' },
    default: '0',
    survives: 'nothing',
    help: 'How often the guest tells what it uses. 0 switches it off.',
    traps: ['The guest’s own figures then leave the guest: its owner should know.'],
    doc: virshDoc,
  },
  {
    id: 'proxmox.balloon',
    title: 'Balloon minimum',
    of: 'guest',
    target: 'qm set VMID --balloon MIB',
    range: { kind: 'number', min: 0, max: 1_073_741_824, unit: 'MiB' },
    survives: 'reboot',
    help: 'The least memory Proxmox leaves the guest when the host is short. 0 takes the balloon device away at the next start.',
    traps: [
      'It is a lower bound, and no target: Proxmox goes there only when the host’s memory is over 80 % full, unless shares is 0.',
      'It cannot be more than the guest’s memory.',
    ],
    doc: 'https://pve.proxmox.com/pve-docs/qm.1.html',
  },
];
