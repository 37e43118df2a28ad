# Prints of PID 1 and all below it: id, when it started (clock ticks since boot), and its command line.

life() {
  stat=$(cat "/proc/$1/stat") || return
  command=$(tr '\000' ' ' <"/proc/$1/cmdline")
  set -- "$1" ${stat##*) }
  printf '%s %s %s\n' "$1" "${21}" "$command"
  for child in $(cat "/proc/$1/task/"*/children); do life "$child"; done
}

life 1 2>/dev/null
