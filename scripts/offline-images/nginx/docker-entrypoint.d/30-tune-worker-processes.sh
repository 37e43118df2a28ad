#!/bin/sh
# With NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE set, as many workers as the container may use processors:
# nginx's `auto` counts the machine's, also where a cgroup allows fewer.
set -e

[ -n "$NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE" ] || exit 0
[ -w /etc/nginx/nginx.conf ] || exit 0

processors=$(nproc)
if [ -f /sys/fs/cgroup/cpu.max ]; then
  read -r quota period < /sys/fs/cgroup/cpu.max
elif [ -f /sys/fs/cgroup/cpu/cpu.cfs_quota_us ]; then
  quota=$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us) period=$(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us)
fi
case $quota in '' | max | -1) ;; *)
  limit=$(((quota + period - 1) / period))
  [ "$limit" -ge "$processors" ] || processors=$limit ;;
esac
sed -i -E "s/^worker_processes .*/worker_processes $processors;/" /etc/nginx/nginx.conf
