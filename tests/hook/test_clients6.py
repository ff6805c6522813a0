# SPDX-License-Identifier: MPL-2.0
"""The DHCPv6 client that people run: ISC's dhclient, on the server's own link."""

import pytest
from lab.clients6 import dhclient6, dhclient6_release
from lab.process import eventually

NAME = """
    send fqdn.fqdn "laptop.example.org.";
    send fqdn.server-update on;
"""


@pytest.mark.parametrize("more", ["", "send dhcp6.rapid-commit;\n"], ids=["slow", "rapid"])
def test_dhclient_has_its_name_and_releases(site6, tmp_path, more):
    with dhclient6(site6.link, tmp_path, NAME + more):
        eventually("the records are there", lambda: site6.address_of("laptop"), 20)
        site6.agree()
        dhclient6_release(site6.link, tmp_path)
        eventually("the records are gone", lambda: site6.records() == site6.static, 20)
        site6.agree()


@pytest.mark.parametrize(
    "site6", [{"ddns-replace-client-name": "when-not-present"}], indirect=True
)
def test_dhclient_without_a_name_gets_one(site6, tmp_path):
    with dhclient6(site6.link, tmp_path):
        eventually("a name is there", lambda: site6.records() != site6.static, 20)
        site6.agree()
