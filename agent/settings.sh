#!/bin/sh
# Part of the agent: the settings that survive a reboot and a restart of a guest, in one file; and writing them again.

# Its parts call each other, and verbs are called by their names.
# shellcheck disable=SC2317,SC2034,SC2154
{
  settings=/etc/tmem-console/settings

  # Lines of the settings file, each between line breaks, in $text.
  load_settings() {
    text=
    [ ! -r "$settings" ] || text=$(cat "$settings" 2>/dev/null)
    text=$newline${text:+$text$newline}
  }

  # without KEY: the line that begins with it is taken out of $text.
  without() {
    case $text in *"$newline$1 "*) ;; *) return 0 ;; esac
    after=${text#*"$newline$1 "}
    text=${text%%"$newline$1 "*}$newline${after#*"$newline"}
  }

  # $text becomes the settings file, whole or not at all; the reason in $words.
  store_settings() {
    text=${text#"$newline"}
    words=$(
      {
        mkdir -p "${settings%/*}" && chmod 755 "${settings%/*}" &&
          printf '%s' "$text" >"$settings.new" && chmod 644 "$settings.new"
      } 2>&1
    ) || ends failed "${words:-$settings cannot be written}" || return 1
    stored=$(cat "$settings.new")
    [ "$stored" = "${text%"$newline"}" ] || ends failed "$settings cannot be written" || return 1
    words=$(mv -f "$settings.new" "$settings" 2>&1) || ends failed "$words"
  }

  # A plan that was not kept in the end leaves the settings file as it found it.
  restore_settings() {
    rm -f "$settings.new" 2>/dev/null
    [ -e "$plan/settings" ] || return 0
    if [ -s "$plan/settings" ]; then
      text=$(cat "$plan/settings")$newline
      store_settings || return 1
    else
      rm -f "$settings" 2>/dev/null || return 1
    fi
    rm -f "$plan/settings"
  }

  # open_kept KNOB KEPT-AS: as open_knob, of a line of the settings file.
  open_kept() {
    end=ok words=''
    decode "$2" || ends failed 'this is no line of ours' || return 1
    open_knob "$1" "$decoded" kept
  }

  change_keep() {
    is_in "$1" armed || return
    load_settings
    old=${text#"$newline"}
    first_line "$plan/at"
    at=$line n=0
    while read -r step_knob step_instance step_from step_to step_keep; do
      n=$((n + 1))
      if [ "$n" -gt "$at" ] || [ "$step_keep" = - ]; then continue; fi
      without "$step_knob ${step_keep#*.}"
      case $step_keep in as.*) text="$text$step_knob ${step_keep#*.} $step_to$newline" ;; esac
    done <"$plan/steps"
    if [ "${text#"$newline"}" != "$old" ]; then
      # As it was, in case this is the last that is done.
      [ -e "$plan/settings" ] || { printf '%s' "$old" >"$plan/settings.new" && mv "$plan/settings.new" "$plan/settings"; } \
        2>/dev/null || ends failed "$plan cannot be written" || return
      store_settings || return
    fi
    put "$plan/state" kept || ends failed "$plan cannot be written"
  }

  change_drift() {
    [ -r "$settings" ] || return 0
    while read -r kept_knob kept_as kept_value _; do
      case $kept_knob$kept_as$kept_value in '' | *[!A-Za-z0-9._+-]*) continue ;; esac
      encoded=-
      ! open_kept "$kept_knob" "$kept_as" || ! read_value || encode "$value"
      say "> $kept_knob $kept_as $kept_value $encoded"
    done <"$settings"
    end=ok words=''
  }

  change_accept() {
    find_live
    [ -z "$live" ] || ends conflict "$live" || return
    [ -r "$settings" ] || return 0
    text=$newline
    while read -r kept_knob kept_as kept_value _; do
      if open_kept "$kept_knob" "$kept_as" && read_value; then
        # What can be read and not written (unknown, unfinished) says nothing new.
        if value_fits "$value"; then
          encode "$value"
          kept_value=$encoded
        fi
      elif [ "$end" = absent ]; then
        continue
      fi
      text="$text$kept_knob $kept_as $kept_value$newline"
    done <"$settings"
    end=ok words=''
    store_settings
  }

  # Writes what is written down, once for each thing it belongs to since that is there: what somebody sets by hand
  # afterwards stays. What belongs to a guest that was restarted is a new directory, or was away in between.
  replay() {
    [ -r "$settings" ] || exit 0
    find_state
    with_busy replay_all
    echo "tmem-agent: $words" >&2
    exit 1
  }

  replay_all() {
    find_live
    [ -z "$live" ] || exit 0
    before=$newline
    [ ! -r "$state_dir/.replayed" ] || before=$newline$(cat "$state_dir/.replayed")$newline
    case $before in "$newline$boot$newline"*) ;; *) before=$newline ;; esac
    done_now=$boot
    failed=0
    while read -r kept_knob kept_as kept_value _; do
      replay_line "$kept_knob" "$kept_as" "$kept_value" && continue
      [ "$end" != absent ] || continue
      one_line "$words"
      echo "tmem-agent: $kept_knob $kept_as: $flat" >&2
      failed=1
    done <"$settings"
    { printf '%s\n' "$done_now" >"$state_dir/.replayed.new" && mv -f "$state_dir/.replayed.new" "$state_dir/.replayed"; } \
      2>/dev/null
    exit "$failed"
  }

  replay_line() {
    open_kept "$1" "$2" || return 1
    # Numbers of directories below /proc change by themselves.
    known=-
    case $knob_kind:$place in
      file:/proc/*) ;;
      file:*) known=$(ls -di "${place%/*}" 2>/dev/null) ;;
    esac
    known=${known#"${known%%[! ]*}"}
    known="$1 $2 ${known%% *} $place"
    # Only reading tells whether what a command sets is there. That it could not be asked does not make it new.
    if ! read_value; then
      case $end:$before in
        absent:*) ;;
        *"$newline$known$newline"*) done_now=$done_now$newline$known ;;
      esac
      return 1
    fi
    case $before in
      *"$newline$known$newline"*) ;;
      *)
        { decode "$3" && value_fits "$decoded"; } || ends failed 'value has not the shape of this knob' || return 1
        to=$decoded
        [ "$knob_check:$value" = "exact:$to" ] || set_to "$to" || return 1
        ;;
    esac
    done_now=$done_now$newline$known
  }
}
