# Prints what /proc says of a container's processes. Needs no more than a POSIX sh, cat, cksum and tr.
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

# Effective ids and supplementary groups of a process: sets uid, gid and groups.
ids_of() {
  uid= gid= groups=
  while read -r name first second rest; do
    case $name in
      Uid:) uid=$second ;;
      Gid:) gid=$second ;;
      Groups:) groups="$first $second $rest" ;;
    esac
  done <"/proc/$1/status"
}

# Runs a command as the user of ids_of. Root of a container may not look into a process that changed its user.
as_user() {
  [ "$uid" = "$own_uid" ] && { "$@"; return; }
  listed=$(echo $groups | tr ' ' ,)
  if [ -n "$listed" ]; then setpriv --reuid="$uid" --regid="$gid" --groups="$listed" "$@"
  else setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@"; fi
}

# A process and those below it. What was forked has the auxiliary vector of its parent, random addresses included; what
# was executed has one of its own.
tree() {
  part process process "$1" "$2"
  for child in $(cat /proc/"$1"/task/*/children); do tree "$child" "$1"; done
}

process() {
  ids_of "$1"
  printf '%s %s %s %s\n' "$1" "$2" "$(as_user cat "/proc/$1/auxv" | cksum | tr ' ' -)" "$(watches "$1")"
  cat "/proc/$1/cmdline"
}

watches() {
  case $(as_user sh -c 'cat /proc/"$0"/fdinfo/*' "$1" 2>/dev/null) in *'inotify wd:'*) echo watches ;; *) echo idle ;; esac
}

# What a project mounts: neither what every container has, nor single files.
volumes() {
  while IFS=' ' read -r _ _ _ _ path _; do
    case $path in
      / | /proc* | /sys | /sys/* | /dev | /dev/* | /run/secrets/kubernetes.io* | /var/run/secrets/kubernetes.io*) ;;
      *) [ -d "$path" ] && printf '%s\n' "$path" ;;
    esac
  done </proc/self/mountinfo
}

paths() {
  as_user sh -c '
    for path; do
      if [ ! -d "$path" ]; then echo "absent $path"; elif [ -w "$path" ]; then echo "writable $path"; else echo "read-only $path"; fi
    done
  ' sh "$@"
}

cgroup() {
  cat "/sys/fs/cgroup/$1" || cat "/sys/fs/cgroup/$2"
}

cpu_quota() {
  cat /sys/fs/cgroup/cpu.max || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us
}

zoneinfo() {
  [ -e /usr/share/zoneinfo/Europe ] && echo present || echo absent
}

# musl has no such program: it knows UTF-8 alone.
charset() {
  if command -v locale >/dev/null; then locale charmap; else echo none; fi
}

own_uid=
ids_of self
own_uid=$uid

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

tree 1 0 2>/dev/null
part main echo "$pid"
part init cat /proc/1/status

ids_of "$pid"
part argv cat "/proc/$pid/cmdline"
part status cat "/proc/$pid/status"
part directory as_user readlink "/proc/$pid/cwd"
part environment as_user cat "/proc/$pid/environ"
part ownEnvironment cat /proc/self/environ
part workingDirectory paths "/proc/$pid/cwd"
part home paths "${HOME:-}"
part paths paths /tmp /var/tmp /run /dev/shm
IFS='
'
part volumes paths $(volumes)
unset IFS
part memory cgroup memory.max memory/memory.limit_in_bytes
part memoryEvents cgroup memory.events memory/memory.oom_control
part cpu cpu_quota
part limits cat "/proc/$pid/limits"
part clock date '+%Z %z'
part zoneinfo zoneinfo
part charset charset
part tcp cat /proc/net/tcp
part tcp6 cat /proc/net/tcp6
