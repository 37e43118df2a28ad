#!/bin/sh
# Serves a greeting, and after TINY_WORK_SECONDS the result of some work. Its logs and pages hold the password:
# what is written about it may not.
set -eu
echo "opening the store with password $TINY_PASSWORD"
if [ "${TINY_EXIT_CODE:-0}" != 0 ]; then
  echo "no such setting" >&2
  exit "$TINY_EXIT_CODE"
fi
sleep "${TINY_START_SECONDS:-0}"
cd /usr/share/nginx/html
echo "$TINY_GREETING from the holder of $TINY_PASSWORD" >index.html
echo '{"done": false}' >work.json
(sleep "${TINY_WORK_SECONDS:-0}" && echo '{"done": true}' >work.json) &
exec nginx -g 'daemon off;'
