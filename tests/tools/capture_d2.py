#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Capture what Kea's D2 sends, and what it does after each answer.

Runs kea-dhcp-ddns on loopback against a DNS server that answers every UPDATE
with a scripted RCODE, feeds it NameChangeRequests as a DHCP server would, and
writes tests/vectors/d2-messages.txt and d2-turns.txt.

    /usr/bin/python3 tests/tools/capture_d2.py tests/vectors
"""
import json
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

NCR_PORT, DNS_PORT = 53801, 53802
DHCID = "000001C4B8F7AD7F2AC66E4F7A8B5C3D2E1F00112233445566778899AABBCCDDEEFF01"
MODES = {"check-with-dhcid": True, "no-check-with-dhcid": False}
LEASES = {"ipv4": "192.0.2.7", "ipv6": "2001:db8::7"}
QUIET = 0.25  # seconds without a message after which D2 is done with a request
RCODES = range(11)


def config(folder):
    servers = [{"ip-address": "127.0.0.1", "port": DNS_PORT}]
    zones = ["2.0.192.in-addr.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa."]
    path = pathlib.Path(folder, "d2.conf")
    path.write_text(json.dumps({"DhcpDdns": {
        "ip-address": "127.0.0.1", "port": NCR_PORT, "tsig-keys": [],
        "dns-server-timeout": 500,
        "forward-ddns": {"ddns-domains": [
            {"name": "example.org.", "dns-servers": servers}]},
        "reverse-ddns": {"ddns-domains": [
            {"name": zone, "dns-servers": servers} for zone in zones]},
        "loggers": [{"name": "kea-dhcp-ddns", "severity": "WARN",
                     "output_options": [{"output": f"{folder}/d2.log"}]}]}}))
    return path


def ask(mode, add, family):
    ncr = json.dumps({
        "change-type": 0 if add else 1, "forward-change": True,
        "reverse-change": True, "fqdn": "host.example.org.",
        "ip-address": LEASES[family], "dhcid": DHCID,
        "lease-expires-on": "20301231235959", "lease-length": 1200,
        "use-conflict-resolution": MODES[mode]}).encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(struct.pack("!H", len(ncr)) + ncr, ("127.0.0.1", NCR_PORT))


def converse(dns, rcodes, mode, add, family):
    """Send one request; return the UPDATEs that D2 sends, answered in turn."""
    ask(mode, add, family)
    seen = []
    dns.settimeout(3)
    while len(seen) <= len(rcodes):
        try:
            query, peer = dns.recvfrom(65535)
        except TimeoutError:
            break
        seen.append(query)
        dns.settimeout(QUIET)
        # What follows the script is answered SERVFAIL, which ends the request.
        rcode = rcodes[len(seen) - 1] if len(seen) <= len(rcodes) else 2
        dns.sendto(query[:2] + struct.pack("!HHHHH", 0xA800 | rcode, 0, 0, 0, 0), peer)
    return seen


def is_reverse(message):
    return b"\4arpa\0" in message


def describe(message, steps):
    """Name a message by the zone it is for and by its place in the plan."""
    body = message[12:]
    return "reverse" if is_reverse(message) else str(steps.index(body))


def capture(dns, mode, add, family, messages, turns):
    change = "add" if add else "remove"
    # The walks that show every step, in the order of the plan.
    path = [6, 0] if add and MODES[mode] else [0, 0]
    shown = converse(dns, path, mode, add, family)
    forward = [m for m in shown if not is_reverse(m)]
    steps = [m[12:] for m in forward]
    for index, message in enumerate(forward):
        messages.append(f"{mode} {change}-forward {index} {family} {message.hex()}")
    reverse = next(m for m in shown if is_reverse(m))
    messages.append(f"{mode} {change}-reverse 0 {family} {reverse.hex()}")
    for index in range(len(steps)):
        for rcode in RCODES:
            seen = converse(dns, path[:index] + [rcode], mode, add, family)
            after = seen[index + 1:]
            where = describe(after[0], steps) if after else "nothing"
            turns.append(f"{mode} {change}-forward {index} {rcode} {where}")


def main():
    folder = pathlib.Path(sys.argv[1])
    version = subprocess.run(["kea-dhcp-ddns", "-v"], capture_output=True, text=True,
                             check=True).stdout.strip()
    messages, turns = [], []
    with tempfile.TemporaryDirectory() as work, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dns:
        dns.bind(("127.0.0.1", DNS_PORT))
        d2 = subprocess.Popen(["kea-dhcp-ddns", "-c", str(config(work))],
                              env={"KEA_PIDFILE_DIR": work, "KEA_LOCKFILE_DIR": work,
                                   "PATH": "/usr/sbin:/usr/bin"})
        try:
            time.sleep(1)
            for mode in MODES:
                for family in LEASES:
                    for add in (True, False):
                        capture(dns, mode, add, family, messages,
                                turns if family == "ipv4" else [])
        finally:
            d2.terminate()
            d2.wait()
    origin = (f"# Captured from kea-dhcp-ddns {version} on loopback by"
              " tests/tools/capture_d2.py:\n"
              "# host.example.org., 192.0.2.7 or 2001:db8::7, lease of 1200 seconds,\n"
              f"# DHCID {DHCID}\n")
    (folder / "d2-messages.txt").write_text(
        "# SPDX-License-Identifier: MPL-2.0\n" + origin
        + "# mode, change, step, family, message\n" + "\n".join(messages) + "\n")
    (folder / "d2-turns.txt").write_text(
        "# SPDX-License-Identifier: MPL-2.0\n" + origin
        + "# mode, change, step, RCODE answered, what D2 sent next: a step of the\n"
          "# change, the reverse change (this one is done), or nothing (it failed)\n"
        + "\n".join(turns) + "\n")


if __name__ == "__main__":
    main()
