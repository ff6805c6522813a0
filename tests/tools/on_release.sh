#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
#
# sudo tests/tools/on_release.sh RELEASE FOLDER prepare | build
# sudo tests/tools/on_release.sh RELEASE FOLDER test [PYTEST-OPTION...]
#
# The hook with the Kea of another release of Debian, as "trixie".
#
#   prepare  installs the release into FOLDER/root and builds this source tree there
#   build    builds it again
#   test     runs the tests of the hook there; the results are FOLDER.*.results.xml
#
# Nothing is left behind but FOLDER: processes, mounts and network namespaces end with
# this script, however it ends.

set -uo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

tools=$(realpath "$(dirname "$0")")
# shellcheck source=tests/tools/packages.sh
. "$tools/packages.sh"

# Called when the script ends, however it does: all processes of a namespace end with
# its first one, and its mounts with the last.
clean_up() {
    [[ -n ${namespace:-} ]] || return
    # shellcheck disable=SC2046
    kill -KILL $(<"/proc/$namespace/task/$namespace/children") 2>/dev/null
    wait "$namespace"
}

# isolated COMMAND...: in process and mount namespaces of its own
isolated() {
    local status
    # Where clean_up() is not called, the kernel ends the command.
    nice -n "${niceness:-0}" setpriv --pdeathsig KILL \
        unshare --mount --pid --fork --kill-child --mount-proc -- "$@" &
    namespace=$!
    wait "$namespace"
    status=$?
    namespace=
    return "$status"
}

# inside COMMAND...: isolated, with the release as its file system
inside() {
    # shellcheck disable=SC2016
    isolated bash -euc '
        root=$1 source_tree=$2
        shift 2
        mount --bind "$root" "$root"
        for name in proc sys dev; do
            mount --rbind "/$name" "$root/$name"
        done
        mount -t tmpfs tmpfs "$root/run"
        mkdir -p "$root/source"
        mount --bind -o ro "$source_tree" "$root/source"
        cd "$root"
        exec chroot . "$@"
    ' bash "$root" "$(realpath "$tools/../..")" "$@"
}

# step NAME OPTION...
step() {
    inside /source/tests/tools/in_release.sh "$@"
}

# The archive that this machine installs Debian from.
archive() {
    # Others, as that of security updates, are called "bookworm-security" and the like.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' \
        'Identifier: Packages' 'Origin: Debian' 'Component: main' |
        awk '$1 !~ /-/ { print $2; exit }'
}

debootstrap_release() {
    local from
    from=$(archive)
    if [[ -z $from ]]; then # apt has not yet heard whose its archives are
        apt-get -q update
        from=$(archive)
    fi
    [[ -n $from ]] || { echo "error: apt knows no archive of Debian"; return 1; }
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
    export http_proxy
    isolated debootstrap --variant=minbase --include=ca-certificates \
        "$release" "$root" "$from"
}

configure_apt() {
    # As this machine's: proxies, and whether an archive may be old.
    apt-config dump --no-empty Acquire | grep -E '^Acquire::(https?|Check-)' \
        >"$root/etc/apt/apt.conf.d/as-outside"
    echo 'APT::Install-Recommends "false";' >"$root/etc/apt/apt.conf.d/only-what-is-needed"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/fast"
    # Debian starts a daemon when it installs it; the tests start their own.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
}

# As tests/run builds.
prepare() {
    local niceness=5
    mkdir -p "$root"
    { debootstrap_release && configure_apt && step install && step build; } \
        >"$folder/prepare.log" 2>&1 && return
    grep -E 'error|FAILED|warning:' "$folder/prepare.log" | head -n 60
    tail -n 20 "$folder/prepare.log"
    echo "on_release.sh: $release could not be prepared" >&2
    return 1
}

run_tests() {
    local status kind
    step test "$@"
    status=$?
    for kind in unit pytest; do
        mv "$root/results/$kind.results.xml" "$folder.$kind.results.xml" || status=1
    done
    return "$status"
}

(($# >= 3)) || { sed -n '4,5s/^# //p' "$0" >&2; exit 2; }
release=$1 folder=$(realpath "$2") root=$folder/root verb=$3
shift 3
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
case $verb in
prepare) prepare ;;
build) step build ;;
test) run_tests "$@" ;;
*) echo "on_release.sh: it is prepare, build or test, not $verb" >&2; exit 2 ;;
esac
