#!/bin/sh
# The console's agent: what runs on a host. It reads files of a fixed list, runs a few fixed read-only commands,
# and answers line by line; README.md beside this file is its specification. What changes the host is change.sh.
# The list comes in front, as shell: list_sets, list_commands (names), list_read, list_run (functions); then change.sh.
# One compound command, so that a shell that gets this on standard input has read all of it before it runs.

# whole and table are called by the list, which this file does not hold; some variables are those of the other files.
# shellcheck disable=SC2317,SC2034,SC2154
{
  PATH=/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  export PATH LC_ALL
  unset CDPATH ENV BASH_ENV LANGUAGE POSIXLY_CORRECT GREP_OPTIONS GREP_COLOR GREP_COLORS
  newline='
'
  IFS=" 	$newline"
  umask 077
  set -uf
  cd / || exit 71
  : "${list_sets=}" "${list_commands=}"

  # Seconds a command may take; words that fit one exec on every kernel (about 100 bytes each, of 2 MiB).
  limit=10
  most_words=4000
  timeout=

  # One line out. With SIGPIPE ignored by whoever started us, a vanished console shows here.
  say() {
    printf '%s\n' "$1" 2>/dev/null || exit 0
  }

  fact() {
    [ -z "$2" ] || say "=fact $1 $2"
  }

  # The first line of a file in $line; empty when it cannot be read.
  first_line() {
    line=
    [ ! -r "$1" ] || IFS= read -r line <"$1"
  }

  # PRETTY_NAME of os-release, or the one line that older systems keep, in $os.
  find_os() {
    os=
    for file in /etc/os-release /usr/lib/os-release; do
      [ -r "$file" ] || continue
      while IFS='=' read -r name value; do
        [ "$name" = PRETTY_NAME ] || continue
        value=${value#[\"\']}
        os=${value%[\"\']}
      done <"$file"
      [ -z "$os" ] || return 0
    done
    for file in /etc/oracle-release /etc/redhat-release /etc/alpine-release /etc/debian_version; do
      first_line "$file"
      os=$line
      [ -z "$os" ] || return 0
    done
  }

  # Bytes of a page in $pagesize; busybox has no getconf, but the kernel tells it for each of our own mappings.
  find_pagesize() {
    pagesize=$(getconf PAGESIZE 2>/dev/null)
    case $pagesize in '' | *[!0-9]*) pagesize= ;; *) return 0 ;; esac
    [ -r /proc/self/smaps ] || return 0
    while read -r name value _; do
      [ "$name" = KernelPageSize: ] || continue
      pagesize=$((value * 1024))
      return 0
    done </proc/self/smaps
  }

  # Only the commands whose program is here.
  find_commands() {
    commands=
    for name in $list_commands; do
      list_run "$name"
      ! command -v "$command_needs" >/dev/null 2>&1 || commands="$commands${commands:+ }$name"
    done
  }

  # A time limit in $timeout and $timeout_option, or none. By its path first: a busybox shell prefers its own, which
  # ends the command's shell but not what that has started. -t is the way of busybox before 1.30.
  find_timeout() {
    timeout_option=
    for timeout in /usr/bin/timeout /bin/timeout timeout; do
      ! "$timeout" "$limit" true >/dev/null 2>&1 || return 0
    done
    timeout_option=-t
    ! timeout -t "$limit" true >/dev/null 2>&1 || return 0
    timeout=none
  }

  limited() {
    if [ "$timeout" = none ]; then
      "$@"
    else
      "$timeout" ${timeout_option:+"$timeout_option"} "$limit" "$@"
    fi
  }

  # search EXPRESSION FILE…: one process for all of them, or as few as fit. Prints path:line, complains on stderr.
  search() {
    expression=$1
    shift
    if [ $# -le "$most_words" ]; then
      grep ${as_text:+"$as_text"} -H -E -e "$expression" "$@"
    else
      printf '%s\0' "$@" | xargs -0 grep ${as_text:+"$as_text"} -H -E -e "$expression"
    fi
  }

  # A name with a line break could pass for protocol; the kernel lets none into proc, sys or the control groups.
  pick() {
    case "$*" in
      *"$newline"*)
        trouble='a directory has a line break in its name'
        return 1
        ;;
    esac
    case $verb in
      probe) search "$@" 2>&1 ;;
      *) search "$@" 2>/dev/null ;;
    esac
    # 2: some file could not be read; 123: the same, said by xargs.
    case $? in
      0 | 1 | 2 | 123) return 0 ;;
    esac
    trouble='grep could not be run'
    return 1
  }

  # Called by list_read with globbing on, so that the list's own patterns have been expanded by now.
  whole() {
    set -f
    pick '' /proc/uptime "$@"
  }

  table() {
    set -f
    pick "$@"
  }

  # The exit status goes round the pipe on descriptor 3. The extra line break ends an unfinished last line; where
  # the output was finished it is the empty last line that sed drops.
  run_command() {
    if ! command -v "$command_needs" >/dev/null 2>&1; then
      trouble="$command_needs is not installed"
      return 1
    fi
    say "\$ $command_shown"
    [ -n "$timeout" ] || find_timeout
    status=$(
      {
        {
          limited /bin/sh -c "$command_script" </dev/null 2>&1 3>&- 4>&-
          status=$?
          echo
          echo "$status" >&3
        } | sed -e '${' -e '/^$/d' -e '}' -e 's/^/> /' >&4
      } 3>&1
    )
    say "\$? $status"
    case $timeout:$status in
      none:*) ;;
      *:124 | *:143)
        trouble="stopped, it took longer than $limit s"
        return 1
        ;;
    esac
  }

  # finish STATUS WHAT: what the attempt's exit status means; 3 is the list's own "not here".
  finish() {
    case $1 in
      0) say "=end $id ok" ;;
      3) say "=end $id refused $2 is not on the list" ;;
      *) say "=end $id failed $trouble" ;;
    esac
  }

  # Splits $request into $id, $verb and $word; false, with $id 0, when it has not the shape of a request.
  understand() {
    id=0 verb='' word=''
    [ ${#request} -le 2000 ] || return 1
    case $request in
      *[!A-Za-z0-9._+\ -]*) return 1 ;;
      [0-9]*\ [a-z]*) ;;
      *) return 1 ;;
    esac
    word=${request#* }
    case ${request%% *} in
      *[!0-9]* | ??????????*) return 1 ;;
    esac
    id=${request%% *}
    verb=${word%% *}
    word=${word#"$verb"}
    word=${word# }
  }

  answer() {
    trouble=
    case $verb:$word in
      read:?* | probe:?*)
        list_read "$word"
        finish $? set
        ;;
      run:?*)
        command_needs='' command_shown='' command_script=''
        list_run "$word" && run_command
        finish $? command
        ;;
      ping:) finish 0 ;;
      quit:)
        finish 0
        exit 0
        ;;
      ping:* | quit:*) say "=end $id refused $verb takes no name" ;;
      read: | probe: | run:) say "=end $id refused $verb wants a name" ;;
      *) answer_change ;;
    esac
  }

  wanted=viewer
  case ${1-} in
    --replay) replay ;;
    --operator)
      wanted=operator
      shift
      ;;
  esac
  case ${1-} in
    *[!0-9a-fA-F]* | '') nonce= ;;
    ????????????????) nonce=$1 ;;
    *) nonce= ;;
  esac
  if [ -z "$nonce" ]; then
    echo 'tmem-agent: wants 16 hexadecimal digits, after --operator or alone; or --replay' >&2
    exit 64
  fi

  exec 4>&1
  # Without -a, GNU grep stops at the first byte that is no text; a grep that knows no -a does not care.
  as_text=-a
  grep -a -e x </dev/null >/dev/null 2>&1
  [ $? -eq 1 ] || as_text=

  say "=hello 1 $nonce"
  first_line /proc/sys/kernel/osrelease
  fact kernel "$line"
  first_line /proc/sys/kernel/hostname
  fact hostname "$line"
  find_os
  fact os "$os"
  find_pagesize
  fact pagesize "$pagesize"
  first_line /proc/sys/kernel/random/boot_id
  fact bootid "$line"
  uid=$(id -u 2>/dev/null)
  fact uid "$uid"
  fact user "$(id -un 2>/dev/null)"
  fact sets "$list_sets"
  find_commands
  fact commands "$commands"
  start_changes
  fact grade "$grade"
  fact knobs "$knobs"
  say "=ready $nonce"

  # A last line without its line break was cut off: read fails on it, and it is not carried out.
  while IFS= read -r request; do
    if understand; then
      say "=begin $id"
      answer
    else
      say "=begin 0"
      say "=end 0 refused this is no request"
    fi
  done
  exit 0
}
