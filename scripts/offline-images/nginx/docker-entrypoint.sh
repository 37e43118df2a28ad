#!/bin/sh
# The contract of the public nginx image: https://github.com/docker-library/docs/tree/master/nginx
# Runs what lies in /docker-entrypoint.d/ before nginx starts, then becomes it.
set -e

log() { [ -n "$NGINX_ENTRYPOINT_QUIET_LOGS" ] || echo "$0: $*"; }

case $1 in nginx | nginx-debug)
  find /docker-entrypoint.d/ -follow -type f -print | sort -V | while read -r file; do
    case $file in
      *.envsh) if [ -x "$file" ]; then log "Sourcing $file"; . "$file"; else log "Ignoring $file, not executable"; fi ;;
      *.sh) if [ -x "$file" ]; then log "Launching $file"; "$file"; else log "Ignoring $file, not executable"; fi ;;
      *) log "Ignoring $file" ;;
    esac
  done
  log 'Configuration complete; ready for start up'
  ;;
esac

exec "$@"
