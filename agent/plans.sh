#!/bin/sh
# Part of the agent: plans. What a plan is going to do is written down before it is done, and a watcher beside the agent
# undoes it at its deadline, whatever became of the agent, the connection and the console.

# Its parts call each other, and verbs are called by their names.
# shellcheck disable=SC2317,SC2034,SC2154
{
  run_dirs='/run /var/run'

  # Where plans are, and which boot this is: /var/run may be on a disk.
  find_state() {
    state_dir=/run/tmem-console
    for folder in $run_dirs; do
      if [ -d "$folder" ]; then
        state_dir=$folder/tmem-console
        break
      fi
    done
    first_line /proc/sys/kernel/random/boot_id
    boot=$line
  }

  # Seconds since boot in $now.
  look_at_clock() {
    first_line /proc/uptime
    now=${line%%.*}
  }

  # token_of PID: the process and when it began, in $token; false when it is gone, or dead and not yet fetched.
  token_of() {
    { IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
    token=${line%% *}
    # shellcheck disable=SC2086 # split at blanks; the name before them may hold any
    set -- ${line##*) }
    case $1 in Z | X) return 1 ;; esac
    token="$token ${20}"
  }

  is_alive() {
    [ -n "$1" ] && token_of "${1%% *}" && [ "$token" = "$1" ]
  }

  # with_busy COMMAND…: writing and undoing exclude each other. The kernel frees this lock when the last process that
  # holds it is gone: a write that outlives its agent is waited for.
  with_busy() {
    end=ok words=''
    command -v flock >/dev/null 2>&1 || ends failed 'flock is not installed' || return 1
    [ -d "$state_dir" ] || mkdir "$state_dir" 2>/dev/null
    (true >>"$state_dir/.busy") 2>/dev/null || ends failed "$state_dir cannot be written" || return 1
    locked "$@" 9>>"$state_dir/.busy"
  }

  locked() {
    flock 9 2>/dev/null 4>&- || ends failed "$state_dir cannot be locked" || return
    "$@"
  }

  # open_plan PLAN: its folder in $plan and its state in $state; false when this boot does not know it.
  open_plan() {
    plan=$state_dir/$1
    [ -e "$plan/boot" ] || return 1
    first_line "$plan/boot"
    [ "$line" = "$boot" ] || return 1
    first_line "$plan/state"
    state=$line
    [ -n "$state" ]
  }

  # each_plan COMMAND: for every plan of this boot.
  each_plan() {
    set +f
    for folder in "$state_dir"/*/state; do
      set -f
      folder=${folder%/state}
      ! open_plan "${folder##*/}" || "$1"
    done
    set -f
  }

  # The plan that is under way, in $live. One that was never armed, and whose agent is gone, has done nothing.
  find_live() {
    live=
    each_plan note_live
  }

  note_live() {
    case $state in
      armed | undoing) live=${plan##*/} ;;
      preparing)
        first_line "$plan/owner"
        if is_alive "$line"; then
          live=${plan##*/}
        else
          rm -rf "$plan"
        fi
        ;;
    esac
  }

  is_past() {
    look_at_clock
    first_line "$plan/deadline"
    deadline=$line
    [ -n "$deadline" ] && [ "$now" -ge "$deadline" ]
  }

  # is_in PLAN STATE: opens the plan and makes sure of its state. Past its deadline a plan is as good as being undone.
  is_in() {
    open_plan "$1" || ends absent || return 1
    if [ "$state" = armed ] && is_past; then state=undoing; fi
    [ "$state" = "$2" ] || ends conflict "$state"
  }

  is_watched() {
    first_line "$plan/watcher"
    is_alive "$line"
  }

  # Beside the agent, with none of its descriptors, so that the connection can close; not to be killed for want of
  # memory, nor by a logout.
  start_watcher() {
    trap '' HUP
    # By exec, and never while `busy` is held: of what is redirected in passing, mksh keeps a copy.
    {
      exec </dev/null >/dev/null 2>&1 4>&-
      watch
    } &
    watcher=$!
    trap - HUP
    {
      printf '%s\n' -900 >"/proc/$watcher/oom_score_adj"
      for folder in /sys/fs/cgroup /sys/fs/cgroup/systemd; do
        [ ! -w "$folder/cgroup.procs" ] || printf '%s\n' "$watcher" >"$folder/cgroup.procs"
      done
    } 2>/dev/null
    token_of "$watcher" && put "$plan/watcher" "$token"
  }

  watch() {
    watched=${plan##*/}
    while :; do
      sleep 1
      open_plan "$watched" || exit 0
      case $state in
        kept | undone) exit 0 ;;
        undoing) ;;
        *) is_past || continue ;;
      esac
      with_busy undo_when_due "$watched"
    done
  }

  undo_when_due() {
    open_plan "$1" || return
    case $state in
      undoing) undo_plan ;;
      armed | preparing) ! is_past || undo_plan ;;
    esac
  }

  # An undo that was cut off, and a plan whose watcher is gone, get one again.
  watch_again() {
    case $state in
      armed | undoing) is_watched || start_watcher ;;
    esac
  }

  # Step N of the plan in $step_…; false when there are not so many.
  find_step() {
    n=0
    while read -r step_knob step_instance step_from step_to step_keep; do
      n=$((n + 1))
      [ "$n" -lt "$1" ] || return 0
    done <"$plan/steps"
    return 1
  }

  # A step's instance, old and new value in $step_instance, $from and $to.
  decode_step() {
    decode "$1" || ends refused 'instance has not the shape of this knob' || return 1
    step_instance=$decoded
    decode "$2" || ends refused 'old value has not the shape of this knob' || return 1
    from=$decoded
    decode "$3" || ends refused 'value has not the shape of this knob' || return 1
    to=$decoded
  }

  # With `busy` held. A note that cannot be written keeps no value from going back.
  undo_plan() {
    put "$plan/state" undoing
    first_line "$plan/at"
    for_step=${line:-0}
    while [ "$for_step" -gt 0 ]; do
      if [ ! -e "$plan/undone.$for_step" ]; then
        outcome=
        undo_step "$for_step"
        if [ -z "$outcome" ]; then
          one_line "$words"
          outcome="failed${flat:+ $flat}"
        fi
        put "$plan/undone.$for_step" "$outcome"
      fi
      for_step=$((for_step - 1))
    done
    restore_settings && put "$plan/state" undone
  }

  # undo_step N: what became of it in $outcome; none when it failed, for the reason in $words.
  undo_step() {
    end=ok words=''
    find_step "$1" || return
    decode_step "$step_instance" "$step_from" "$step_to" || return
    # What is not there any more has taken its setting with it.
    if ! open_knob "$step_knob" "$step_instance" ||
      { ! read_value && { [ "$end" = absent ] || [ "$knob_check" = exact ]; }; }; then
      [ "$end" != absent ] || outcome=as-was
      return
    fi
    if [ "$from" = unknown ]; then
      outcome="left $value"
      return
    fi
    if [ "$knob_check" = exact ]; then
      if [ "$value" = "$from" ]; then
        outcome=as-was
        return
      fi
      if ! is_ours "$1"; then
        outcome="left $value"
        return
      fi
    fi
    value_fits "$from" || ends failed "$from cannot be written" || return 1
    ! set_to "$from" || outcome=restored
  }

  # Whether the plan has set the value that is there. Without a note of what was read back the write was cut off.
  is_ours() {
    [ -e "$plan/back.$1" ] || return 0
    first_line "$plan/back.$1"
    [ "$value" = "$line" ] || [ "$value" = "$to" ] || is_among "$value" "$knob_also"
  }

  change_begin() {
    find_live
    [ -z "$live" ] || ends conflict "$live" || return
    ! open_plan "$1" || ends refused 'plan is known already' || return
    token_of self
    rm -rf "$plan"
    {
      mkdir "$plan" 2>/dev/null && true >"$plan/steps" && put "$plan/owner" "$token" && put "$plan/at" 0 &&
        put "$plan/boot" "$boot" && put "$plan/state" preparing
    } || ends failed "$plan cannot be written"
  }

  change_step() {
    is_in "$1" preparing && decode_step "$3" "$4" "$5" && open_knob "$2" "$step_instance" || return
    [ "$from" = unknown ] || is_among "$from" "$knob_also" || value_fits "$from" ||
      ends refused 'old value has not the shape of this knob' || return
    value_fits "$to" || ends refused 'value has not the shape of this knob' || return
    case $6 in
      -) ;;
      as.* | drop.*)
        decode "${6#*.}" && keeps "$decoded" || ends refused 'what to keep has not the shape of this knob' || return
        ;;
      *) ends refused 'what to keep has not the shape of this knob' || return ;;
    esac
    read_value || return
    # A plan may set the same twice: then the second begins where the first will have led.
    while read -r step_knob step_instance _ step_to _; do
      [ "$step_knob $step_instance" != "$2 $3" ] || { decode "$step_to" && value=$decoded; }
    done <"$plan/steps"
    [ "$knob_check" != exact ] || [ "$from" = unknown ] || [ "$value" = "$from" ] || ends conflict "$value" || return
    {
      { cat "$plan/steps" && printf '%s\n' "$2 $3 $4 $5 $6"; } >"$plan/steps.new" 2>/dev/null &&
        [ "$(sed -n '$p' "$plan/steps.new")" = "$2 $3 $4 $5 $6" ] && mv -f "$plan/steps.new" "$plan/steps"
    } || ends failed "$plan cannot be written"
  }

  # Whether the knob that is open may be written down as this.
  keeps() {
    [ "$1" = "$instance" ] || star_fits "$1" "$instance" || { [ "$knob_kind" = command ] && instance_fits "$1"; }
  }

  change_arm() {
    is_step_or_seconds "$2" || ends refused 'seconds are not a number from 1 to 99999' || return
    with_busy set_deadline "$1" preparing "$2" || return
    start_watcher || ends failed "$plan cannot be watched" || return
    with_busy arm "$1"
  }

  arm() {
    is_in "$1" preparing || return
    put "$plan/state" armed || ends failed "$plan cannot be written"
  }

  # set_deadline PLAN STATE SECONDS
  set_deadline() {
    is_in "$1" "$2" || return
    look_at_clock
    put "$plan/deadline" "$((now + $3))" || ends failed "$plan cannot be written"
  }

  change_extend() {
    is_step_or_seconds "$2" || ends refused 'seconds are not a number from 1 to 99999' || return
    with_busy set_deadline "$1" armed "$2" || return
    watch_again || ends failed "$plan cannot be watched"
  }

  change_write() {
    is_step_or_seconds "$2" || ends refused 'step is not a number' || return
    open_plan "$1" || ends absent || return
    watch_again || ends failed "$plan cannot be watched" || return
    with_busy write_step "$1" "$2"
  }

  write_step() {
    is_in "$1" armed || return
    began=$now ends_at=$deadline
    first_line "$plan/at"
    { [ "$2" -eq $((line + 1)) ] && find_step "$2"; } || ends refused 'step is not the next one' || return
    decode_step "$step_instance" "$step_from" "$step_to" || return
    open_knob "$step_knob" "$step_instance" || return
    read_value || return
    [ "$knob_check" != exact ] || [ "$from" = unknown ] || [ "$value" = "$from" ] || ends conflict "$value" || return
    put "$plan/at" "$2" || ends failed "$plan cannot be written" || return
    took=
    ! set_to "$to" || took=yes
    [ -z "$seen" ] || put "$plan/back.$2" "$value"
    # The time that a write takes is not the operator's to think in.
    look_at_clock
    [ "$now" -eq "$began" ] || put "$plan/deadline" "$((ends_at + now - began))"
    # Whoever asked may be gone, and the agent with the attempt to tell.
    [ -z "$took" ] || say "> $value"
  }

  change_undo() {
    open_plan "$1" || ends absent || return
    case $state in preparing | armed | undoing) undo_plan ;; esac
    end=ok words=''
    tell_status "$1"
  }

  change_status() {
    [ ! -d "$state_dir" ] || [ -x "$state_dir" ] || ends failed 'only root can see the plans of this host' || return
    open_plan "$1" || ends absent || return
    tell_status "$1"
  }

  tell_status() {
    open_plan "$1"
    say "> state $state"
    left=0
    if [ "$state" = armed ] && ! is_past; then left=$((deadline - now)); fi
    say "> left $left"
    first_line "$plan/at"
    at=${line:-0} n=0
    say "> at $at"
    while [ "$n" -lt "$at" ]; do
      n=$((n + 1))
      [ -e "$plan/undone.$n" ] || continue
      first_line "$plan/undone.$n"
      say "> step $n $line"
    done
  }

  change_plans() {
    [ ! -d "$state_dir" ] || [ -x "$state_dir" ] || ends failed 'only root can see the plans of this host' || return
    each_plan tell_plan
  }

  tell_plan() {
    say "> ${plan##*/} $state"
  }

  change_forget() {
    open_plan "$1" || ends absent || return
    case $state in
      kept | undone) rm -rf "$plan" ;;
      *) ends conflict "$state" ;;
    esac
  }
}
