#!/bin/sh
# Installs Debian packages as they were at one time, and leaves nothing behind that differs from build to build.
# Signatures are checked as ever; that the lists have expired is what asking for a past time means.
set -o errexit -o nounset

sources=/tmp/install.sources
cat > "$sources" <<SOURCES
Types: deb
URIs: ${DEBIAN_MIRROR}
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no

Types: deb
URIs: ${DEBIAN_SECURITY_MIRROR}
Suites: trixie-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no
SOURCES

export DEBIAN_FRONTEND=noninteractive
options="-o Dir::Etc::SourceList=$sources -o Dir::Etc::SourceParts=/dev/null -o Acquire::Retries=5 -o Acquire::Languages=none"
# shellcheck disable=SC2086
apt-get $options --quiet update
# The base is of that time, too, but for what was mended between its build and then.
# shellcheck disable=SC2086
apt-get $options --quiet --yes upgrade
# shellcheck disable=SC2086
apt-get $options --quiet --yes --no-install-recommends install "$@"

apt-get clean
rm -rf "$sources" /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/cache/debconf/*-old \
  /var/lib/dpkg/*-old /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /etc/passwd- /etc/group- /etc/shadow- \
  /etc/gshadow-
# Programs that make whoever runs them root, such as su: nothing in a pod needs one.
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
