#!/bin/sh
# Part of the agent: the verbs of README.md's "Changing", told apart here; what agent.sh calls of the files before this.

# Its parts call each other, and verbs are called by their names.
# shellcheck disable=SC2317,SC2034,SC2154
{
  # Before the greeting ends: the grade, and the knobs whose program is here.
  start_changes() {
    find_state
    grade=viewer
    [ "$wanted:$uid" != operator:0 ] || grade=operator
    knobs=
    for name in $list_knobs; do
      knob_needs=
      list_knob "$name"
      [ -z "$knob_needs" ] || command -v "$knob_needs" >/dev/null 2>&1 || continue
      knobs="$knobs${knobs:+ }$name"
    done
    [ "$grade" = viewer ] || each_plan watch_again
  }

  # Every verb that is not agent.sh's own.
  answer_change() {
    end=ok words=''
    # shellcheck disable=SC2086 # split at blanks
    set -- $word
    [ "$verb" != install ] || take_script
    case $verb in
      drift | plans | accept | install) wants=0 ;;
      begin | keep | undo | status | forget) wants=1 ;;
      get | arm | extend | write) wants=2 ;;
      step) wants=6 ;;
      *) wants= ;;
    esac
    if [ -z "$wants" ]; then
      ends refused 'verb is not on the list'
    elif [ "$grade" != operator ] && ! is_among "$verb" 'get drift status plans'; then
      ends refused 'this agent only reads'
    elif [ $# -ne "$wants" ] || [ "$*" != "$word" ]; then
      ends refused "$verb wants $wants words"
    elif [ "$wants" -gt 0 ] && [ "$verb" != get ] && ! is_plan "$1"; then
      ends refused 'plan has no such name'
    elif is_among "$verb" 'begin step keep undo forget accept'; then
      with_busy "change_$verb" "$@"
    else
      "change_$verb" "$@"
    fi
    one_line "$words"
    say "=end $id $end${flat:+ $flat}"
  }

  # Not the name of a file beside the plans' folders, which begin with a dot.
  is_plan() {
    case $1 in [A-Za-z0-9]*) is_word "$1" ;; *) return 1 ;; esac
  }
}
