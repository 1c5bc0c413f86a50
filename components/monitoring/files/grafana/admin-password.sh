#!/bin/sh
# Makes up the administrator's password once, on the volume of Grafana's own database, where it stays with it.
set -eu
file=/var/lib/grafana/admin-password
if [ ! -s "$file" ]; then
  umask 077
  head -c 24 /dev/urandom | base64 | tr -d '\n' > "$file.new"
  mv "$file.new" "$file"
fi
