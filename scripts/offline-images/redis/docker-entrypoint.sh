#!/bin/sh
# The contract of the public redis image: https://github.com/docker-library/docs/tree/master/redis
set -e

# `docker run redis --appendonly yes` and `docker run redis /etc/redis.conf` mean the server.
case $1 in -* | *.conf) set -- redis-server "$@" ;; esac

if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec setpriv --reuid redis --regid redis --clear-groups -- "$0" "$@"
fi

# What the server writes is nobody else's to read, unless somebody has set a stricter mask already.
[ "$(umask)" != 0022 ] || umask 0077

exec "$@"
