# SPDX-License-Identifier: MPL-2.0
"""The configuration file of kea-dhcp-ddns is read as it is."""

import json
import os
import subprocess

from lab.clients import ScriptedClient, host_name
from lab.process import unconfined

D2_FILE = """\
# kea-dhcp-ddns, as it was
{
// all of it
"DhcpDdns": {
    "ip-address": "127.0.0.1", "port": 53001, /* the queue
                                                 of the daemon */
    "loggers": [ { "name": "kea-dhcp-ddns", "severity": "INFO", } ],
    "tsig-keys": <?include "%(keys)s"?>,
    "forward-ddns": %(forward)s,
    "reverse-ddns": %(reverse)s,
},
}
"""


def write_d2_file(site):
    """The parameters of the site as a file of kea-dhcp-ddns; its path."""
    parameters = site.parameters()
    keys = site.folder / "keys.json"
    keys.write_text(f"# secret\n{json.dumps(parameters['tsig-keys'])}\n")
    path = site.folder / "kea-dhcp-ddns.conf"
    words = {"keys": keys, "forward": json.dumps(parameters["forward-ddns"], indent=2)}
    path.write_text(D2_FILE % {**words, "reverse": json.dumps(parameters["reverse-ddns"])})
    return path


def reload(site, parameters):
    """Have the library read these parameters."""
    dhcp = site.dhcp()
    dhcp["hooks-libraries"][-1]["parameters"] = parameters
    site.kea.configure(dhcp)
    return site.kea.command("config-reload")


def follow(site, **more):
    """Have the library read the file of kea-dhcp-ddns; its path."""
    path = write_d2_file(site)
    answer = reload(site, {"d2-config": str(path), "ledger": str(site.ledger), **more})
    assert answer["result"] == 0, answer
    return path


def lease(site, name):
    return ScriptedClient(site.link, host_name(name)).lease()


def test_leases_are_in_the_zones_of_the_file(site):
    follow(site)
    assert not site.kea.messages("DNS_UPDATE_RELOAD_FAILED")
    (ignored,) = site.kea.messages("DNS_UPDATE_IGNORED_PARAMETERS")
    assert "ip-address, port, loggers" in ignored
    lease(site, "from-the-file")
    site.agree()
    assert site.address_of("from-the-file")


def test_it_is_the_file_that_kea_dhcp_ddns_reads(site):
    path = follow(site)
    argv = [*unconfined("kea-dhcp-ddns"), "-t", str(path)]
    places = {"KEA_PIDFILE_DIR": site.folder, "KEA_LOCKFILE_DIR": site.folder}
    done = subprocess.run(
        argv, env={**os.environ, **places}, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done


def test_a_reload_reads_the_file_again(site):
    path = follow(site)
    whole = path.read_text()
    path.write_text(whole.replace('"name": "example.org."', '"name": "nobody.example."'))
    assert site.kea.command("config-reload")["result"] == 0
    zones = {zone["name"] for zone in site.status()["zones"]}
    assert "nobody.example." in zones
    assert "example.org." not in zones
    path.write_text(whole)
    assert site.kea.command("config-reload")["result"] == 0
    lease(site, "again")
    site.agree()


def test_a_mistake_in_the_file_names_its_line_and_dhcp_goes_on(site):
    path = follow(site)
    whole = path.read_text()
    path.write_text(whole.replace('"tsig-keys":', '"tsig-keys"'))
    site.kea.command("config-reload")
    (message,) = site.kea.messages("DNS_UPDATE_RELOAD_FAILED")
    assert "d2-config:" in message
    assert "keys.json:2: ':' expected" in message
    assert site.keys[0].secret not in site.kea.log.read_text()
    lease(site, "meanwhile")
    path.write_text(whole)
    assert site.kea.command("config-reload")["result"] == 0
    site.agree()
    assert site.address_of("meanwhile")


def test_a_keyword_in_the_file_and_beside_it_is_named(site):
    path = write_d2_file(site)
    reload(site, {"d2-config": str(path), **site.parameters()})
    (message,) = site.kea.messages("DNS_UPDATE_RELOAD_FAILED")
    assert "stands in the file of d2-config, too" in message
    assert "kea-dhcp4.json:" in message
    assert reload(site, site.dhcp()["hooks-libraries"][-1]["parameters"])["result"] == 0
