#!/bin/sh
# Part of the agent: knobs, which are the settings that may be changed; what a value and an instance may look like,
# reading and setting one. The list comes in front: list_knobs (names), list_knob (sets knob_…), list_places (calls
# places with a knob's files). No text of a request is evaluated, and none becomes a path: it is compared.

# Its parts call each other, and verbs are called by their names.
# shellcheck disable=SC2317,SC2034,SC2154
{
  : "${list_knobs=}"
  # A shell's own printf may not tell why the kernel refused.
  printer=/usr/bin/printf
  [ -x "$printer" ] || printer='printf'

  # ends END [WORDS]: how the answer ends. Always false, for `… || ends … || return`.
  ends() {
    end=$1 words=${2-}
    return 1
  }

  # The text in one line, in $flat: no more than 20 lines of it, 1000 characters.
  one_line() {
    flat=$1
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      case $flat in
        *"$newline"*) flat="${flat%%"$newline"*} ${flat#*"$newline"}" ;;
        *) break ;;
      esac
    done
    flat=${flat%%"$newline"*}
    [ ${#flat} -le 1000 ] || flat=$(printf '%.1000s' "$flat")
  }

  # put FILE LINE: the file holds this line, or is as it was. A full disk shows when it is read again.
  put() {
    { printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"; } 2>/dev/null || return 1
    first_line "$1"
    [ "$line" = "$2" ]
  }

  # Text of a request in $decoded. Only the one spelling that encode has counts, so that spellings can be compared.
  decode() {
    decoded='' coded=$1 escaped=''
    case $coded in
      +) return 0 ;;
      '') return 1 ;;
    esac
    while :; do
      case $coded in
        *+*) ;;
        *) break ;;
      esac
      escaped=$escaped${coded%%+*}
      coded=${coded#*+}
      case $coded in
        # NUL; minus and dot; digits; letters and underscore, which stand for themselves.
        000* | 05[56]* | 06[0-7]* | 07[01]*) return 1 ;;
        10[1-7]* | 1[12][0-7]* | 13[0-27]* | 14[1-7]* | 1[56][0-7]* | 17[0-2]*) return 1 ;;
        [0-3][0-7][0-7]*) ;;
        *) return 1 ;;
      esac
      rest=${coded#???}
      escaped="$escaped\\0${coded%"$rest"}"
      coded=$rest
    done
    decoded=$escaped$coded
    [ -z "$escaped" ] || decoded=$(printf '%b.' "$decoded")
    decoded=${decoded%"${escaped:+.}"}
  }

  # The other way, in $encoded.
  encode() {
    encoded='' rest=$1
    case $rest in
      '') encoded=+ ;;
      *[!A-Za-z0-9._-]*) ;;
      *) encoded=$rest rest='' ;;
    esac
    while [ -n "$rest" ]; do
      tail=${rest#?}
      char=${rest%"$tail"}
      case $char in
        [A-Za-z0-9._-]) ;;
        *)
          # Some shells count a byte from 128 up as negative: its last eight bits are what is meant.
          char=$(printf '%03o' "'$char")
          char=${char#"${char%???}"}
          case $char in [4-7]*) char=$((${char%??} - 4))${char#?} ;; esac
          char=+$char
          ;;
      esac
      encoded=$encoded$char rest=$tail
    done
  }

  # 1 to 16 digits, as they are written when they are counted.
  is_number() {
    case $1 in
      0) ;;
      '' | 0* | *[!0-9]* | ?????????????????*) return 1 ;;
    esac
  }

  is_step_or_seconds() {
    is_number "$1" && [ ${#1} -le 5 ] && [ "$1" -gt 0 ]
  }

  # at_most A B: also in a shell that counts in 32 bits.
  at_most() {
    halves "$1"
    high=$upper low=$lower
    halves "$2"
    [ "$high" -lt "$upper" ] || { [ "$high" -eq "$upper" ] && [ "$low" -le "$lower" ]; }
  }

  halves() {
    upper=0 lower=$1
    case $1 in
      ??????????*)
        upper=${1%?????????}
        lower=1${1#"$upper"}
        ;;
    esac
  }

  is_word() {
    case $1 in '' | -* | *[!A-Za-z0-9._-]*) return 1 ;; esac
    [ ${#1} -le 64 ]
  }

  is_name() {
    case $1 in .*) return 1 ;; esac
    is_word "$1"
  }

  # is_list TEST SEPARATOR COUNT TEXT: as many words as that (0: any number) with the separator between them.
  is_list() {
    left=$4 count=1
    while :; do
      case $left in *"$2"*) ;; *) break ;; esac
      "$1" "${left%%"$2"*}" || return 1
      left=${left#*"$2"} count=$((count + 1))
    done
    "$1" "$left" || return 1
    [ "$3" -eq 0 ] || [ "$count" -eq "$3" ]
  }

  is_among() {
    case $1 in '' | *' '*) return 1 ;; esac
    case " $2 " in *" $1 "*) ;; *) return 1 ;; esac
  }

  # Whether the knob may be set to this.
  value_fits() {
    case $1 in '' | -* | *[!A-Za-z0-9._:-]*) return 1 ;; esac
    case $knob_value in
      number) is_number "$1" && at_most "${knob_range% *}" "$1" && at_most "$1" "${knob_range#* }" ;;
      choice) is_among "$1" "$knob_range" ;;
      limit) [ "$1" = max ] || { is_number "$1" && at_most "$1" 9007199254740991; } ;;
      word) is_word "$1" ;;
      parts) is_among "$1" "${knob_range#* }" || is_list is_word : "${knob_range%% *}" "$1" ;;
      *) return 1 ;;
    esac
  }

  # Whether a knob that is a command may belong to this.
  instance_fits() {
    case $knob_instance in
      none) [ -z "$1" ] ;;
      word) is_name "$1" ;;
      pair) is_list is_name / 2 "$1" ;;
      device)
        case $1 in /dev/?*) ;; *) return 1 ;; esac
        is_list is_name / 0 "${1#/dev/}"
        ;;
      number) is_number "$1" ;;
      uuid)
        case $1 in
          *[!0-9a-fA-F-]* | *-*-*-*-*-*) return 1 ;;
          ????????-????-????-????-????????????) ;;
          *) return 1 ;;
        esac
        ;;
      *) return 1 ;;
    esac
  }

  # Called by list_places, which knows that it is one of the knob's files: the one that is there, in $place.
  places() {
    case $1 in
      *\**) set +f && set -- "${1%%\**}"*"${1#*\*}" && set -f ;;
    esac
    for place in "$@"; do
      if [ "$place" = "$instance" ] || { [ -n "$kept" ] && star_fits "$instance" "$place"; }; then
        [ ! -e "$place" ] || return 0
      fi
    done
    place=
  }

  # star_fits KEPT-AS PATH: the * stands for digits only, so that a guest named a-b is not taken for b.
  star_fits() {
    case $1 in *\**) ;; *) return 1 ;; esac
    left=${2#"${1%%\**}"}
    [ "$left" != "$2" ] || return 1
    digits=${left%"${1#*\*}"}
    [ "$digits" != "$left" ] || return 1
    case $digits in '' | *[!0-9]*) return 1 ;; esac
  }

  # open_knob NAME INSTANCE [kept]: what the list says of the knob, and where it is, checked; with `kept` the instance
  # may be one with a *, and $instance is then the one that is there.
  open_knob() {
    instance=$2 kept=${3-} place='' knob_kind=command knob_check='' knob_shown='' knob_format='' knob_depth=0 knob_value=''
    knob_range='' knob_also='' knob_needs='' knob_instance='' knob_read='' knob_write='' knob_seconds=$limit
    list_knob "$1" || ends refused 'knob is not on the list' || return 1
    shape='instance has not the shape of this knob'
    if [ "$knob_kind" = command ]; then
      instance_fits "$2" || ends refused "$shape" || return 1
      command -v "$knob_needs" >/dev/null 2>&1 || ends failed "$knob_needs is not installed"
      return
    fi
    case $2/ in
      *"$newline"* | */../* | */./* | *//*) ends refused "$shape" || return 1 ;;
      *\**\**) [ -z "$kept" ] || ends refused "$shape" || return 1 ;;
    esac
    { depth_is "$2" "$knob_depth" && list_places "$1"; } || ends refused "$shape" || return 1
    [ -n "$place" ] || ends absent || return 1
    instance=$place
  }

  # depth_is PATH COUNT: how many names are in it.
  depth_is() {
    depth=$2
    IFS=/
    # shellcheck disable=SC2086 # split at each slash
    set -- $1
    IFS=" 	$newline"
    [ $# -eq "$depth" ]
  }

  # The value as it is now, in $value.
  read_value() {
    value=''
    if [ "$knob_kind" = command ]; then
      read_command
      return
    fi
    [ -e "$place" ] || ends absent || return 1
    if [ "$knob_check" = none ]; then
      value=unknown
      return 0
    fi
    if ! value=$(cat "$place" 2>&1); then
      ends failed "$value"
      value=''
      [ -e "$place" ] || ends absent
      return 1
    fi
    case $knob_shown:$value in
      bracketed:*\[*\]*)
        value=${value#*\[}
        value=${value%%\]*}
        ;;
      *"$newline"*)
        value=''
        ends failed 'it holds more than one line'
        ;;
    esac
  }

  # Complaints come first, then the status, then the value; the dot keeps the line ends in front of it.
  read_command() {
    [ -n "$timeout" ] || find_timeout
    told=$(
      {
        value=$(limited /bin/sh -c "$knob_read" "$knob_needs" "$instance" </dev/null 2>&3 3>&- 4>&- 9>&-)
        status=$?
        [ "$value" = "${value%%"$newline"*}" ] || status=lines
        printf '\n%s\n%s.' "$status" "${value##*"$newline"}"
      } 3>&1
    )
    told=${told%.}
    value=${told##*"$newline"}
    told=${told%"$newline"*}
    status=${told##*"$newline"}
    case $status in
      0)
        [ "$knob_check" != none ] || value=unknown
        return 0
        ;;
      3) ends absent ;;
      lines) ends failed 'it tells more than one line' ;;
      124 | 143) ends failed "stopped, it took longer than $limit s" ;;
      *) ends failed "${told%"$newline"*}" ;;
    esac
    value=''
    return 1
  }

  # Sets the knob, without judging: $status, and what was said in $complaint. The shell around the write stays until it
  # is over and holds `busy` for it, also when the agent is killed.
  write_value() {
    if [ "$knob_kind" = file ]; then
      complaint=$(
        { "$printer" "$knob_format" "$1" >"$place"; } 2>&1 4>&-
        exit "$?"
      )
      status=$?
      return
    fi
    [ -n "$timeout" ] || find_timeout
    complaint=$(
      limit=$knob_seconds
      limited /bin/sh -c "$knob_write" "$knob_needs" "$instance" "$1" </dev/null 2>&1 4>&- 9>&-
      exit "$?"
    )
    status=$?
    case $timeout:$status in
      none:*) ;;
      *:124 | *:143) complaint="stopped, it took longer than $knob_seconds s" ;;
    esac
  }

  # set_to VALUE: writes and reads back; true when it came to what the knob can promise. $value is what it reads now.
  set_to() {
    write_value "$1"
    wrote=$status seen=''
    if read_value; then
      seen=yes
      [ -n "$complaint" ] || complaint="reads ${value:-nothing} instead of $1"
    elif [ "$end" = absent ]; then
      words='it is not there any more'
    fi
    if [ "$knob_check" != exact ] && [ "$wrote" -eq 0 ]; then
      [ -n "$seen" ] || value=unknown
      end=ok words=''
      return 0
    fi
    [ -z "$seen" ] || [ "$knob_check:$value" != "exact:$1" ] || return 0
    ends failed "${complaint:-$words}"
  }

  change_get() {
    decode "$2" || ends refused 'instance has not the shape of this knob' || return
    open_knob "$1" "$decoded" && read_value && say "> $value"
  }
}
