#!/bin/sh
# The contract of the public image, as far as it is used here: RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS.
set -eu
if [ "$1" = rabbitmq-server ] && [ "$(id -u)" = 0 ]; then
  find /var/lib/rabbitmq \! -user rabbitmq -exec chown rabbitmq:rabbitmq {} +
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$0" "$@"
fi
if [ "$1" = rabbitmq-server ] && [ -n "${RABBITMQ_DEFAULT_USER:-}" ]; then
  umask 077
  printf 'default_user = %s\ndefault_pass = %s\n' "$RABBITMQ_DEFAULT_USER" "${RABBITMQ_DEFAULT_PASS:?}" \
    > /etc/rabbitmq/conf.d/10-defaults.conf
  umask 022
fi
unset RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS
# Debian's own wrapper would stay as the first process, and pass no signal on.
if [ "$1" = rabbitmq-server ]; then
  shift
  set -- /usr/lib/rabbitmq/bin/rabbitmq-server "$@"
fi
exec "$@"
