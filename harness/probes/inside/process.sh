# Prints what /proc says of a container's main process. Needs no more than a POSIX sh, cat and tr.
# Each part is "RS name US content US exit code", as arguments and variables may hold anything but these two.

part() {
  printf '\036%s\037' "$1"
  shift
  "$@" 2>/dev/null
  printf '\037%s' "$?"
}

first_argument() {
  tr '\000' '\n' <"/proc/$1/cmdline" | { IFS= read -r argument; printf %s "${argument##*/}"; }
}

# A process that changed its user after its start can be read by that user alone.
environment_of() {
  cat "/proc/$1/environ" || setpriv --reuid="$2" --regid="$3" --clear-groups cat "/proc/$1/environ"
}

directory_of() {
  readlink "/proc/$1/cwd" || setpriv --reuid="$2" --regid="$3" --clear-groups readlink "/proc/$1/cwd"
}

# Inits and shells only hold the main process; what they start first is it.
pid=1
while :; do
  case $(first_argument "$pid") in
    tini | docker-init | dumb-init | catatonit | sh | bash | dash | ash) ;;
    *) break ;;
  esac
  child=
  read -r child _ <"/proc/$pid/task/$pid/children"
  [ -n "$child" ] || break
  part wrapper cat "/proc/$pid/cmdline"
  pid=$child
done 2>/dev/null

uid=
gid=
while read -r name _ effective _; do
  case $name in
    Uid:) uid=$effective ;;
    Gid:) gid=$effective ;;
  esac
done <"/proc/$pid/status"

part argv cat "/proc/$pid/cmdline"
part status cat "/proc/$pid/status"
part directory directory_of "$pid" "$uid" "$gid"
part environment environment_of "$pid" "$uid" "$gid"
part ownEnvironment cat /proc/self/environ
part tcp cat /proc/net/tcp
part tcp6 cat /proc/net/tcp6
