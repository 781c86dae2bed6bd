#!/bin/sh
# The contract of the public image, as far as it is used here: DATABASE_URL or DB_HOST, DB_PORT, DB_NAME, DB_USER,
# DB_PASSWORD; AUTH_TYPE, LISTEN_PORT, and the settings below. A pgbouncer.ini that is there already is left alone.
set -eu
umask 077
config=/etc/pgbouncer/pgbouncer.ini
if [ -n "${DATABASE_URL:-}" ]; then
  rest=${DATABASE_URL#*://}
  credentials=${rest%@*}
  DB_USER=${credentials%%:*}
  DB_PASSWORD=${credentials#*:}
  place=${rest##*@}
  DB_NAME=${place#*/}
  DB_NAME=${DB_NAME%%\?*}
  place=${place%%/*}
  DB_HOST=${place%%:*}
  case "$place" in *:*) DB_PORT=${place#*:} ;; esac
fi
users=${AUTH_FILE:-/etc/pgbouncer/userlist.txt}
if [ -n "${DB_USER:-}" ] && [ -n "${DB_PASSWORD:-}" ] && ! grep -qs "^\"$DB_USER\"" "$users"; then
  if [ "${AUTH_TYPE:-md5}" = md5 ]; then
    secret="md5$(printf '%s%s' "$DB_PASSWORD" "$DB_USER" | md5sum | cut -d ' ' -f 1)"
  else
    secret=$DB_PASSWORD
  fi
  printf '"%s" "%s"\n' "$DB_USER" "$secret" >> "$users"
fi
if [ ! -f "$config" ]; then
  {
    echo '[databases]'
    echo "${DB_NAME:-*} = host=${DB_HOST:?set DB_HOST or DATABASE_URL} port=${DB_PORT:-5432} user=${DB_USER:-postgres}"
    echo '[pgbouncer]'
    echo 'listen_addr = 0.0.0.0'
    echo "listen_port = ${LISTEN_PORT:-5432}"
    echo 'unix_socket_dir ='
    echo "auth_file = $users"
    echo "auth_type = ${AUTH_TYPE:-md5}"
    for name in POOL_MODE MAX_CLIENT_CONN DEFAULT_POOL_SIZE MIN_POOL_SIZE RESERVE_POOL_SIZE MAX_DB_CONNECTIONS \
      IGNORE_STARTUP_PARAMETERS SERVER_RESET_QUERY SERVER_IDLE_TIMEOUT ADMIN_USERS STATS_USERS AUTH_USER AUTH_QUERY; do
      eval "value=\${$name:-}"
      [ -z "$value" ] || printf '%s = %s\n' "$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')" "$value"
    done
  } > "$config"
fi
exec "$@"
