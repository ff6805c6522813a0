/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>

#include "cli/arguments.h"
#include "cli/associate.h"
#include "cli/audit.h"
#include "cli/check_config.h"
#include "cli/outcome.h"

static const char help[] =
    "Usage: dns-update dns-server=ADDRESS name=NAME zone=ZONE address=ADDRESS\n"
    "                  [key-file=FILE] [ttl=SECONDS] [parameter=value ...]\n"
    "       dns-update audit ledger=FILE dns-server=ADDRESS zone=ZONE\n"
    "                  [reverse-zone=ZONE] [subnet=PREFIX,...] [parameter=value ...]\n"
    "       dns-update check-config FILE [--probe] [--json]\n"
    "\n"
    "Make a name have one address in DNS (RFC 2136), or take the address from it.\n"
    "\n"
    "  dns-server=ADDRESS   the primary server of the zone; not a host name\n"
    "  name=NAME            relative to the zone unless it ends with a dot; @ is the\n"
    "                       zone itself\n"
    "  zone=ZONE            the zone to update\n"
    "  address=ADDRESS      IPv4 makes an A record, IPv6 an AAAA\n"
    "  ttl=SECONDS          of the record, 300 if left out; 0 removes the address\n"
    "  ptr=yes              also set or remove the PTR record of the address\n"
    "  reverse-zone=ZONE    the zone of the PTR; found by asking if left out\n"
    "  port=PORT            of the server, 53 if left out\n"
    "  transport=tcp|udp    tcp if left out\n"
    "  timeout=SECONDS      how long to wait for each answer, 2 if left out;\n"
    "                       fractions are allowed\n"
    "\n"
    "The update is signed when there is a key:\n"
    "  key-file=FILE        as tsig-keygen and ddns-confgen write it\n"
    "  key-name=NAME        which key of the file, or the name of key=\n"
    "  key=SECRET           instead of a file; other users of this machine can see it\n"
    "  key-algorithm=NAME   of key=, hmac-sha256 if left out\n"
    "  key-encoding=base64|text  of key=, base64 if left out\n"
    "\n"
    "  --json               write the outcome as one JSON object\n"
    "  --help, --version\n"
    "\n"
    "audit compares a ledger of the DHCP server's plugin with what DNS says, and\n"
    "changes nothing:\n"
    "  ledger=FILE          such as /var/lib/kea/dns-update4.sqlite\n"
    "  subnet=PREFIX,...    the addresses that DHCP gives, such as 192.0.2.0/24; what\n"
    "                       DNS says of them and no lease does is left over\n"
    "  reverse-zone=ZONE    compare the PTR records in it, too\n"
    "Where it may not transfer the zone it asks name by name, and finds nothing left\n"
    "over.  Exit status: 0 DNS agrees, 1 it does not; the others are the same.\n"
    "\n"
    "check-config says what the plugin would do with a configuration, and changes\n"
    "nothing:\n"
    "  FILE                 of kea-dhcp-ddns, of kea-dhcp4 or kea-dhcp6 with the\n"
    "                       plugin, or the plugin's parameters alone\n"
    "  --probe              ask each DNS server whether it would take updates\n"
    "Exit status: 0 all is well, 1 something is not.\n"
    "\n"
    "Exit status: 0 done, 1 the server said no, 2 wrong usage, 3 no answer,\n"
    "4 the signature or the clock is wrong.  See dns-update(1).\n";

int main(int argc, char **argv)
{
    struct outcome outcome = { .status = STATUS_USAGE };
    struct arguments arguments;
    ddns_errbuf errbuf = { "" };
    ddns_error error = arguments_parse(argc, argv, &arguments, &errbuf);

    if (error == DDNS_OK && arguments.help) {
        (void)fputs(help, stdout);
        return STATUS_DONE;
    }
    if (error == DDNS_OK && arguments.version) {
        (void)puts("dns-update " VERSION);
        return STATUS_DONE;
    }
    if (error == DDNS_OK && arguments.command == COMMAND_AUDIT) {
        return audit(&arguments);
    }
    if (error == DDNS_OK && arguments.command == COMMAND_CHECK_CONFIG) {
        return check_config(&arguments);
    }
    if (error == DDNS_OK) {
        associate(&arguments, &outcome);
    } else {
        outcome_say(&outcome, "%s", errbuf.text);
    }
    arguments_wipe(&arguments);
    if (arguments.json) {
        outcome_print_json(&outcome, stdout);
    } else {
        outcome_print(&outcome, stdout, stderr);
    }
    return (int)outcome.status;
}
