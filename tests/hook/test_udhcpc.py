# SPDX-License-Identifier: MPL-2.0
"""A client that people run: BusyBox' udhcpc."""

import signal

from lab.clients import udhcpc
from lab.process import eventually


def test_udhcpc_with_a_host_name_renews_and_releases(site, tmp_path):
    with udhcpc(site.link, tmp_path, "-x", "hostname:laptop") as client:
        eventually("the records are there", lambda: site.address_of("laptop"), 20)
        site.agree()
        # They can be there before the client has its ACK, and until then udhcpc
        # does not hear that it is to renew.
        eventually("bound", lambda: "lease of" in client.log.read_text())
        client.signal(signal.SIGUSR1)
        eventually("renewed", lambda: len(site.kea.messages("DHCP4_LEASE_ALLOC")) > 1)
        site.agree()
        client.signal(signal.SIGUSR2)
        eventually("the records are gone", lambda: site.records() == site.static, 20)
        site.agree()


def test_udhcpc_with_option_81(site, tmp_path):
    with udhcpc(site.link, tmp_path, "-F", "laptop.example.org"):
        eventually("the records are there", lambda: site.address_of("laptop"), 20)
        site.agree()
