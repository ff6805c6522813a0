#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# Install the core from build directory $1 into an empty tree, then build and run
# a program that knows it through pkg-config alone.
set -eu

build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

DESTDIR=$work/root meson install -C "$build" --no-rebuild --quiet --tags devel
pc=$(find "$work/root" -name ddns-core.pc)
prefix=$work/root$(sed -n 's/^prefix=//p' "$pc")

cat >"$work/program.c" <<'END'
#include <ddns/ddns.h>

int main(void)
{
    const ddns_server server = { .address = "127.0.0.1", .port = 9 };
    const ddns_binding binding = {
        .address = { { 192, 0, 2, 7 }, 4 },
        .directions = DDNS_FORWARD,
        .fqdn = "host.example.org",
        .mode = DDNS_NO_CHECK_WITHOUT_DHCID,
        .ttl = 600,
    };
    ddns_config *config;
    ddns_client *client;

    if (ddns_config_new(&config) != DDNS_OK ||
        ddns_config_add_zone(config, DDNS_FORWARD, "example.org", &server, 1) != DDNS_OK ||
        ddns_client_start(config, NULL, NULL, &client, NULL) != DDNS_OK) {
        return 1;
    }
    ddns_config_free(config);
    ddns_error error = ddns_client_set(client, &binding);
    ddns_client_stop(client, 0);
    return error == DDNS_OK ? 0 : 1;
}
END

flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-variable="prefix=$prefix" \
    --static --cflags --libs ddns-core)
# shellcheck disable=SC2086 # flags are words
${CC:-cc} -Wall -Wextra -Werror -o "$work/program" "$work/program.c" $flags
"$work/program"
