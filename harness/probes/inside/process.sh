# What the main process of a container is, read from /proc: no ps, no ss, no Python. Values are in hex, as they may hold
# anything. Prints `NAME VALUE` lines; a part that may not be read is left out.

hex() { od -An -v -tx1 | tr -d ' \n'; }
part() { [ -r "$2" ] && value=$(hex 2>/dev/null < "$2") && [ -n "$value" ] && echo "$1 $value"; }

# An init or a shell in front of the program is not the program.
main=1
while read -r name < "/proc/$main/comm"; do
  case "$name" in
    tini | dumb-init | docker-init | catatonit | s6-svscan | s6-supervise | sh | bash | dash | ash | busybox) ;;
    *) break ;;
  esac
  read -r children < "/proc/$main/task/$main/children" || break
  case "$children" in
    '' | *' '*[0-9]*) break ;;
  esac
  main=${children%% *}
done

part init /proc/1/cmdline
part argv "/proc/$main/cmdline"
part status "/proc/$main/status"
part environment "/proc/$main/environ"
part tcp /proc/net/tcp
part tcp6 /proc/net/tcp6
directory=$(readlink "/proc/$main/cwd" 2>/dev/null) && printf %s "$directory" | hex | sed 's/^/directory /;s/$/\
/'
exit 0
