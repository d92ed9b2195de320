#!/bin/sh
# Part of the agent: putting its own text in place as a program of root's, and what runs that at boot and every minute.

# Its parts call each other, and verbs are called by their names.
# shellcheck disable=SC2317,SC2034,SC2154
{
  installed=/usr/local/sbin/tmem-agent
  units=/etc/systemd/system
  systemd_runs=/run/systemd/system
  rc_files='/etc/rc.local /etc/rc.d/rc.local'

  # The lines of the new agent, up to the one that tells their sum, which is then in $over. An installed agent replaces
  # nothing: the right to run it is not the right to run another.
  take_script() {
    over='' fresh=/dev/null
    if [ "$grade" = operator ] && [ "$0" != "$installed" ]; then
      fresh=$installed.new
      { mkdir -p "${installed%/*}" && (true >"$fresh"); } 2>/dev/null || fresh=/dev/null
    fi
    while IFS= read -r line; do
      case $line in
        +*) printf '%s\n' "${line#+}" 2>/dev/null ;;
        *)
          over=${line#=over }
          break
          ;;
      esac
    done >"$fresh"
  }

  sum_of() {
    # shellcheck disable=SC2046 # split at blanks
    set -- $(cksum <"$1" 2>/dev/null)
    sum="${1-} ${2-}"
  }

  change_install() {
    if [ "$0" = "$installed" ]; then
      sum_of "$installed"
      [ "$sum" = "$over" ] ||
        ends refused "only an administrator replaces $installed, with the steps that the host's rights show" || return
      install_unit
      return
    fi
    [ "$fresh" != /dev/null ] || ends failed "${installed%/*} cannot be written" || return
    sum_of "$fresh"
    first_line "$fresh"
    if [ "$sum" != "$over" ] || [ "$line" != '#!/bin/sh' ] || ! /bin/sh -n "$fresh" 2>/dev/null; then
      rm -f "$fresh"
      ends failed 'the text of the agent did not arrive whole' || return
    fi
    words=$({ chmod 755 "$fresh" && mv -f "$fresh" "$installed"; } 2>&1) || ends failed "$words" || return
    install_unit
  }

  install_unit() {
    if [ ! -d "$systemd_runs" ]; then
      install_line
      return
    fi
    unit=$units/tmem-console-replay
    words=$(
      {
        printf '%s\n' '[Unit]' 'Description=Settings of the Tmem Console that survive' \
          'After=libvirtd.service xendomains.service' '[Service]' 'Type=oneshot' "ExecStart=$installed --replay" \
          >"$unit.service" &&
          printf '%s\n' '[Unit]' 'Description=Settings of the Tmem Console, for guests that are restarted' '[Timer]' \
            'OnBootSec=10s' 'OnUnitInactiveSec=60s' 'AccuracySec=5s' '[Install]' 'WantedBy=timers.target' \
            >"$unit.timer" &&
          chmod 644 "$unit.service" "$unit.timer" &&
          systemctl daemon-reload && systemctl --now enable tmem-console-replay.timer
      } 2>&1 </dev/null 4>&-
    ) || ends failed "$words" || return
    words=
  }

  install_line() {
    loop="(while :; do $installed --replay; sleep 60; done) </dev/null >/dev/null 2>&1 & # tmem-console"
    for rc in $rc_files; do
      [ -x "$rc" ] || continue
      ! grep -F "$loop" "$rc" >/dev/null 2>&1 || return 0
      words=$(
        {
          cp -p "$rc" "$rc.new" && { sed -e '/^[[:blank:]]*exit/,$d' "$rc" && printf '%s\n' "$loop" &&
            sed -n -e '/^[[:blank:]]*exit/,$p' "$rc"; } >"$rc.new" && mv -f "$rc.new" "$rc"
        } 2>&1
      ) || ends failed "$words" || return
      words=
      /bin/sh -c "$loop" 4>&- 9>&-
      return
    done
    ends failed 'there is neither systemd nor an rc.local that is run: have tmem-agent --replay run at boot and every minute'
  }
}
