# Prints of PID 1 and all below it: id, when it started (clock ticks since boot), for how long it has run or waited for a
# processor (ns, all threads), and its command line, in one line. A process that ends meanwhile is left out.

life() {
  stat=$(cat "/proc/$1/stat") || return
  command=$(tr '\000\n' '  ' <"/proc/$1/cmdline")
  set -- "$1" ${stat##*) }
  printf '%s %s %s %s\n' "$1" "${21}" "$(demand "$1")" "$command"
  for child in $(cat "/proc/$1/task/"*/children); do life "$child" || :; done
}

demand() {
  cat "/proc/$1/task/"*/schedstat | {
    total=0
    while read -r ran waited _; do total=$((total + ran + waited)); done
    echo "$total"
  }
}

life 1 2>/dev/null
