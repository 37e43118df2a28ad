# Every process: its id and its parent's, then its arguments, one a line. Needs no more than a POSIX sh and tr.
for process in /proc/[0-9]*; do
  parent=
  while read -r name value; do
    [ "$name" = PPid: ] && parent=$value
  done <"$process/status"
  [ -n "$parent" ] || continue
  printf '\036%s %s\037' "${process#/proc/}" "$parent"
  tr '\000' '\n' <"$process/cmdline"
done 2>/dev/null
exit 0
