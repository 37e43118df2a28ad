#!/usr/bin/env bash
# The contract of the public postgres image: https://github.com/docker-library/docs/tree/master/postgres
# Makes the cluster at the first start (POSTGRES_*, /docker-entrypoint-initdb.d), then becomes the server.
set -Eeo pipefail

fail() {
  printf 'Error: %s\n' "$@" >&2
  exit 1
}

# from_file NAME [DEFAULT]: NAME, or what the file that NAME_FILE names holds (secrets are mounted as files).
from_file() {
  local name=$1 file_name=${1}_FILE
  [ -z "${!name}" ] || [ -z "${!file_name}" ] || fail "both $name and $file_name are set, but they exclude each other"
  local value=${!name:-$2}
  [ -z "${!file_name}" ] || value=$(<"${!file_name}")
  export "$name"="$value"
  unset "$file_name"
}

read_settings() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=}"
}

own_directories() {
  local user
  user=$(id -u)
  mkdir -p "$PGDATA"
  # A volume may belong to another user and refuse; the server itself then says what is wrong.
  chmod 00700 "$PGDATA" || :
  mkdir -p /var/run/postgresql
  chmod 03775 /var/run/postgresql || :
  if [ -n "$POSTGRES_INITDB_WALDIR" ]; then
    mkdir -p "$POSTGRES_INITDB_WALDIR"
    [ "$user" != 0 ] || find "$POSTGRES_INITDB_WALDIR" \! -user postgres -exec chown postgres '{}' +
    chmod 700 "$POSTGRES_INITDB_WALDIR"
  fi
  if [ "$user" = 0 ]; then
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  fi
}

refuse_without_password() {
  if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then
    echo 'WARNING: POSTGRES_HOST_AUTH_METHOD is "trust": anyone who reaches the port has full access.' >&2
  elif [ -z "$POSTGRES_PASSWORD" ]; then
    fail 'Database is uninitialized and superuser password is not specified.' \
      'You must specify POSTGRES_PASSWORD to a non-empty value for the superuser, for example "-e POSTGRES_PASSWORD=password" on "docker run".' \
      'You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all connections without a password. This is *not* recommended.'
  fi
}

make_cluster() {
  # initdb looks its user up by name, and `--user 1234` has none.
  if ! getent passwd "$(id -u)" > /dev/null && [ -z "$NSS_WRAPPER_PASSWD" ]; then
    local wrapper
    for wrapper in /usr/lib/*/libnss_wrapper.so; do
      NSS_WRAPPER_PASSWD=$(mktemp) NSS_WRAPPER_GROUP=$(mktemp)
      export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
      printf 'postgres:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" > "$NSS_WRAPPER_PASSWD"
      printf 'postgres:x:%s:\n' "$(id -g)" > "$NSS_WRAPPER_GROUP"
    done
  fi
  [ -z "$POSTGRES_INITDB_WALDIR" ] || set -- --waldir "$POSTGRES_INITDB_WALDIR" "$@"

  # eval: POSTGRES_INITDB_ARGS may quote its words.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"' "$@"'

  if [[ $LD_PRELOAD == */libnss_wrapper.so ]]; then
    rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
    unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
  fi

  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "$@")}
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"
}

run_sql() {
  local arguments=(-v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password)
  [ -z "$POSTGRES_DB" ] || arguments+=(--dbname "$POSTGRES_DB")
  PGHOST='' PGHOSTADDR='' psql "${arguments[@]}" "$@"
}

make_database() {
  local found
  found=$(POSTGRES_DB='' run_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only \
    <<< "SELECT 1 FROM pg_database WHERE datname = :'db';")
  [ -n "$found" ] || POSTGRES_DB='' run_sql --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
}

run_init_files() {
  local file
  for file; do
    case $file in
      *.sh) if [ -x "$file" ]; then echo "$0: running $file"; "$file"; else echo "$0: sourcing $file"; . "$file"; fi ;;
      *.sql) echo "$0: running $file"; run_sql -f "$file" ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | run_sql ;;
      *.sql.xz) echo "$0: running $file"; xzcat "$file" | run_sql ;;
      *.sql.zst) echo "$0: running $file"; zstd -dc "$file" | run_sql ;;
      *) echo "$0: ignoring $file" ;;
    esac
    echo
  done
}

initialise() {
  refuse_without_password
  # Fail on an unreadable folder before there is a cluster that would look finished.
  ls /docker-entrypoint-initdb.d/ > /dev/null
  make_cluster
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  # On the socket alone, so that nobody who waits for the port meets a database that is half made.
  NOTIFY_SOCKET='' pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" -w start
  make_database
  run_init_files /docker-entrypoint-initdb.d/*
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

asks_for_help() {
  local argument
  for argument; do
    case $argument in -'?' | --help | --describe-config | -V | --version | -C | --single) return 0 ;; esac
  done
  return 1
}

[ "${1:0:1}" != - ] || set -- postgres "$@"

if [ "$1" = postgres ] && ! asks_for_help "$@"; then
  own_directories
  [ "$(id -u)" != 0 ] || exec setpriv --reuid postgres --regid postgres --init-groups -- env HOME=/var/lib/postgresql "$BASH_SOURCE" "$@"
  read_settings
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    shopt -s nullglob
    initialise "${@:2}"
  fi
fi

exec "$@"
