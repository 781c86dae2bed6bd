#!/bin/sh
# The contract of the public images: options alone start the server, which never runs as root.
set -eu
case "${1:-}" in -* | *.conf) set -- valkey-server "$@" ;; esac
case "$1" in
  valkey-server | redis-server)
    if [ "$(id -u)" = 0 ]; then
      find . \! -user redis -exec chown redis:redis {} +
      exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
    fi
    ;;
esac
exec "$@"
