# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Debian's packages that the tests need; sourced.

# To build everything and its unit tests; meson asks dpkg-dev where libraries belong.
build_packages=(
    meson dpkg-dev ninja-build gcc g++ pkg-config
    libuv1-dev libssl-dev libsqlite3-dev libjansson-dev libcriterion-dev
    libboost-dev kea-dev
)

# For tests in Python: servers, clients and tools.
python_test_packages=(
    kea-dhcp4-server kea-dhcp6-server kea-dhcp-ddns-server kea-admin
    bind9 bind9-dnsutils knot knot-dnsutils pdns-server pdns-backend-sqlite3
    postgresql udhcpc faketime iproute2 apparmor sqlite3
    python3 python3-pytest python3-dnspython
)

# Clients that later releases than Debian 13 no longer have.
old_packages=(isc-dhcp-client)

lint_packages=(clang-format clang-tidy cppcheck)

# To install another release into a folder.
release_packages=(debootstrap)
