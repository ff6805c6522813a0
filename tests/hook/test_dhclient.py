# SPDX-License-Identifier: MPL-2.0
"""A client that people run: ISC's dhclient; releases after Debian 13 do not have it."""

import pytest
from lab.clients import dhclient, dhclient_release
from lab.clients6 import dhclient6, dhclient6_release
from lab.process import eventually


def test_dhclient_with_a_host_name_releases(site, tmp_path):
    with dhclient(site.link, tmp_path, 'send host-name "laptop";\n'):
        eventually("the records are there", lambda: site.address_of("laptop"), 20)
        site.agree()
        dhclient_release(site.link, tmp_path)
        eventually("the records are gone", lambda: site.records() == site.static, 20)
        site.agree()


def test_dhclient_with_option_81(site, tmp_path):
    config = """
        send fqdn.fqdn "laptop.example.org.";
        send fqdn.encoded on;
        send fqdn.server-update on;
    """
    with dhclient(site.link, tmp_path, config):
        eventually("the records are there", lambda: site.address_of("laptop"), 20)
        site.agree()


# ---- DHCPv6, on the server's own link ---------------------------------------

NAME6 = """
    send fqdn.fqdn "laptop.example.org.";
    send fqdn.server-update on;
"""


@pytest.mark.parametrize("more", ["", "send dhcp6.rapid-commit;\n"], ids=["slow", "rapid"])
def test_dhclient6_has_its_name_and_releases(site6, tmp_path, more):
    with dhclient6(site6.link, tmp_path, NAME6 + more):
        eventually("the records are there", lambda: site6.address_of("laptop"), 20)
        site6.agree()
        dhclient6_release(site6.link, tmp_path)
        eventually("the records are gone", lambda: site6.records() == site6.static, 20)
        site6.agree()


@pytest.mark.parametrize(
    "site6", [{"ddns-replace-client-name": "when-not-present"}], indirect=True
)
def test_dhclient6_without_a_name_gets_one(site6, tmp_path):
    with dhclient6(site6.link, tmp_path):
        eventually("a name is there", lambda: site6.records() != site6.static, 20)
        site6.agree()
