#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# in_release.sh install | build | test [PYTEST-OPTION...]
#
# One step of on_release.sh; it runs within the release, with this source tree in /source
# for reading.  Results are /results/*.results.xml

set -euo pipefail
umask 022
export PYTHONDONTWRITEBYTECODE=1
unset TMPDIR # a folder outside

# shellcheck source=tests/tools/packages.sh
. /source/tests/tools/packages.sh

existing() {
    apt-cache policy "$@" | awk '/^[^ ]/ { name = $1 } /Candidate: [0-9]/ { print name }' |
        tr -d :
}

install() {
    apt-get -q update
    # shellcheck disable=SC2046
    apt-get -qy install "${build_packages[@]}" "${python_test_packages[@]}" \
        $(existing "${old_packages[@]}")
}

# The hook's own.
unit_tests() {
    ninja -C /build -t targets all | grep -o '^tests/hook/unit/test_hook_[a-z0-9_]*:' | tr -d :
}

build() {
    meson setup /build /source -Dwerror=true -Ddebug=false # which takes a quarter less time
    # shellcheck disable=SC2046
    ninja -C /build hook/libdhcp_dns_update.so ddns-core/cli/dns-update $(unit_tests)
    # Kea loads libraries from its own folder alone.
    meson install -C /build --no-rebuild --tags runtime
}

run_tests() {
    local failed=false status=0
    mkdir -p /results
    echo "== unit tests of the hook with Kea $(kea-dhcp4 -v | head -n 1)"
    meson test -C /build --no-rebuild --print-errorlogs --suite hook || failed=true
    cp /build/meson-logs/testlog.junit.xml /results/unit.results.xml
    echo "== pytest with Kea $(kea-dhcp4 -v | head -n 1)"
    DNS_UPDATE_HOOK=$(echo /usr/lib/*/kea/hooks/libdhcp_dns_update.so) \
        DNS_UPDATE_COMMAND=/usr/local/bin/dns-update \
        /usr/bin/python3 -m pytest -q -p no:cacheprovider --durations=10 \
        --rootdir=/source/tests --basetemp=/tmp/pytest \
        --junitxml=/results/pytest.results.xml \
        "$@" /source/tests/hook /source/tests/examples/test_configurations.py || status=$?
    # 5: an option chooses no test.
    ((status == 0 || (status == 5 && $# != 0))) || failed=true
    ! $failed
}

case $1 in
test) run_tests "${@:2}" ;;
*) "$1" ;;
esac
