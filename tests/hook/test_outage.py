# SPDX-License-Identifier: MPL-2.0
"""The DNS server is away: DHCP goes on, and the records follow later."""

from lab.clients import ScriptedClient, host_name
from lab.process import eventually


def clients(site, names):
    found = [ScriptedClient(site.link, host_name(name)) for name in names]
    for client in found:
        client.lease()
    return found


def test_absent_at_the_start(site):
    site.dns.stop()
    site.kea.stop()
    site.kea.start()
    clients(site, ["one", "two"])
    site.dns.start()
    eventually("registered", lambda: site.address_of("two"), 60)
    site.agree(60)


def test_killed_in_the_middle(site):
    first, second = clients(site, ["one", "two"])
    site.agree()
    site.dns.kill()
    first.release()
    second.options = [host_name("renamed")]
    second.renew()
    clients(site, ["three", "four"])
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_SERVER_DOWN"), 20)
    site.dns.start()
    site.agree(60)
    assert site.kea.messages("DNS_UPDATE_SERVER_UP")


def test_deaf_and_then_well_again(site):
    clients(site, ["one"])
    site.agree()
    site.dns.pause()
    clients(site, ["two"])
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_SERVER_DOWN"), 30)
    clients(site, ["three"])
    site.dns.resume()
    site.agree(60)


def test_restarts_again_and_again(site):
    for round_number in range(5):
        clients(site, [f"host{round_number}-{number}" for number in range(3)])
        site.dns.restart()
    site.agree(60)


def test_kea_killed_and_started_again(site):
    site.dns.pause()
    kept, left = clients(site, ["kept", "left"])
    site.kea.kill()
    site.dns.resume()
    site.kea.start()
    site.agree(60)
    left.release()
    kept.renew()
    site.agree(60)


def test_ends_quickly_while_the_server_is_deaf(site):
    site.dns.pause()
    clients(site, ["one"])
    site.stop_cleanly()
    site.dns.resume()


def test_what_was_never_told_is_not_removed(site):
    (known,) = clients(site, ["known"])
    site.agree()
    site.dns.kill()
    known.renew()
    for client in clients(site, [f"host{number}" for number in range(5)]):
        client.release()
    site.dns.start()
    known.options = [host_name("renamed")]
    known.renew()
    site.agree(60)
    log = site.dns.log.read_text()
    assert "renamed.example.org" in log
    assert "host3.example.org" not in log
