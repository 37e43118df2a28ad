#!/bin/sh
# /etc/nginx/templates/NAME.template → /etc/nginx/conf.d/NAME, with the environment's variables put in. A $name that is no
# variable of the environment stays: it is nginx's own.
set -e

log() { [ -n "$NGINX_ENTRYPOINT_QUIET_LOGS" ] || echo "$0: $*"; }

# fill FOLDER SUFFIX OUTPUT
fill() {
  find "$1" -follow -type f -name "*$2" -print | while read -r template; do
    path=${template#"$1/"}
    output=$3/${path%"$2"}
    mkdir -p "$(dirname "$output")"
    log "Running envsubst on $template to $output"
    envsubst "$names" < "$template" > "$output"
  done
}

templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
stream_suffix=${NGINX_ENVSUBST_STREAM_TEMPLATE_SUFFIX:-.stream-template}
sites=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
streams=${NGINX_ENVSUBST_STREAM_OUTPUT_DIR:-/etc/nginx/stream-conf.d}
[ -d "$templates" ] || exit 0

names=$(awk -v filter="$NGINX_ENVSUBST_FILTER" 'BEGIN { for (name in ENVIRON) if (name ~ filter) printf "${%s} ", name }')

if [ -w "$sites" ]; then
  fill "$templates" "$suffix" "$sites"
else
  log "ERROR: $templates exists, but $sites is not writable"
fi

[ -n "$(find "$templates" -name "*$stream_suffix" -print -quit)" ] || exit 0
mkdir -p "$streams"
if ! grep -qE '^[[:space:]]*stream[[:space:]]*\{' /etc/nginx/nginx.conf; then
  printf '\nstream {\n  include %s/*.conf;\n}\n' "$streams" >> /etc/nginx/nginx.conf
fi
fill "$templates" "$stream_suffix" "$streams"
