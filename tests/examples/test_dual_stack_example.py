# SPDX-License-Identifier: MPL-2.0
"""With the settings of the two examples, both families have their records at one name."""

import json
import pathlib
import re

from lab.clients import ScriptedClient, host_name
from lab.clients6 import ScriptedClient6, fqdn6
from lab.dual import DualSite
from lab.process import eventually

EXAMPLES = pathlib.Path(__file__).parents[2] / "kea-config-examples"


def settings(version):
    """What an example says of names and of the library, but for where zones are."""
    text = (EXAMPLES / f"dual-stack-dhcp{version}.json").read_text()
    dhcp = json.loads(re.sub(r"^ *//.*$", "", text, flags=re.M))[f"Dhcp{version}"]
    (library,) = dhcp["hooks-libraries"]
    hook = library["parameters"]
    for place in ("tsig-keys", "forward-ddns", "reverse-ddns"):
        del hook[place]
    return {"hook": hook, **{k: v for k, v in dhcp.items() if k.startswith("ddns-")}}


def test_both_families_have_their_records(tmp_path):
    assert settings(4) == settings(6)
    with DualSite(tmp_path, **settings(4)) as site:
        clients = {
            "A": ScriptedClient(site.link, host_name("laptop")),
            "AAAA": ScriptedClient6(site.link6, fqdn6("laptop")),
        }
        for record, client in clients.items():
            client.lease()
            eventually(
                f"the {record} is there",
                lambda record=record, client=client: site.dns.lookup(
                    "laptop.example.org.", record
                )
                == [client.address],
                30,
            )
        site.agree(30)
        site.stop_cleanly()
