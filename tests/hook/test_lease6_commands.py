# SPDX-License-Identifier: MPL-2.0
"""DHCPv6 leases changed by commands: no client is involved, and DNS follows."""

import pytest
from lab.clients6 import ScriptedClient6, fqdn6
from lab.process import eventually

ADDRESS, OTHER = "2001:db8:77::9:9", "2001:db8:77::9:a"
DUID = "00:03:00:01:02:aa:00:00:00:01"


def command(site, name, **arguments):
    answer = site.kea.command(name, **arguments)
    assert answer["result"] == 0, answer
    return answer


def lease(name="laptop", address=ADDRESS, **more):
    fields = {"ip-address": address, "duid": DUID, "iaid": 1, "subnet-id": 1}
    fields |= {"hostname": f"{name}.example.org." if name else ""}
    return fields | {"fqdn-fwd": bool(name), "fqdn-rev": bool(name), **more}


def gone(site):
    eventually("the records are gone", lambda: site.records() == site.static)


def registered(site, name, *addresses):
    wanted = sorted(addresses or [ADDRESS])
    eventually(f"{name} is registered", lambda: site.address_of(name) == wanted)
    site.agree()


def test_a_lease_is_added_and_changed_and_deleted(site6):
    command(site6, "lease6-add", **lease("before"))
    registered(site6, "before")
    command(site6, "lease6-update", **lease("after"))
    registered(site6, "after")
    assert site6.address_of("before") == []
    command(site6, "lease6-del", ip_address=ADDRESS)
    gone(site6)


def test_a_name_that_is_taken_away_is_removed(site6):
    command(site6, "lease6-add", **lease())
    registered(site6, "laptop")
    command(site6, "lease6-update", **lease(""))
    gone(site6)


def test_a_lease_deleted_by_its_client_loses_its_records(site6):
    client = ScriptedClient6(site6.link, fqdn6("laptop"))
    client.lease()
    command(site6, "lease6-add", **lease("other"))
    registered(site6, "laptop", client.address)
    duid = client.duid.hex(":")
    command(
        site6, "lease6-del", subnet_id=1, identifier_type="duid", identifier=duid, iaid=1
    )
    eventually("the records are gone", lambda: site6.address_of("laptop") == [])
    registered(site6, "other")


@pytest.mark.parametrize("arguments", [{"subnet_id": 1}, {}], ids=["one subnet", "all"])
def test_wiped_leases_lose_their_records(site6, arguments):
    for number in range(20):
        address = f"2001:db8:77::9:{number}"
        duid = f"{DUID[:-2]}{number:02d}"
        command(site6, "lease6-add", **lease(f"host{number}", address, duid=duid))
    site6.agree()
    command(site6, "lease6-wipe", **arguments)
    gone(site6)


def test_leases_applied_in_bulk_are_followed(site6):
    command(site6, "lease6-bulk-apply", leases=[lease(), lease("laptop", OTHER, iaid=2)])
    registered(site6, "laptop", ADDRESS, OTHER)
    new = lease("tablet", "2001:db8:77::9:b", iaid=3)
    old = [{"ip-address": address, "type": "IA_NA"} for address in (ADDRESS, OTHER)]
    command(site6, "lease6-bulk-apply", **{"leases": [new], "deleted-leases": old})
    registered(site6, "tablet", "2001:db8:77::9:b")
    assert site6.address_of("laptop") == []


def test_a_prefix_makes_no_records(site6):
    prefix = lease("router", "2001:db8:77:8000::", type="IA_PD", **{"prefix-len": 64})
    command(site6, "lease6-add", **prefix)
    command(site6, "lease6-add", **lease())
    registered(site6, "laptop")
    assert site6.address_of("router") == []
    command(site6, "lease6-del", ip_address="2001:db8:77:8000::", type="IA_PD")
    registered(site6, "laptop")


def test_what_somebody_removed_is_sent_again(site6):
    command(site6, "lease6-add", **lease())
    registered(site6, "laptop")
    before = site6.records()
    site6.dns.forget("laptop.example.org.")
    assert site6.address_of("laptop") == []
    answer = command(site6, "lease6-resend-ddns", ip_address=ADDRESS)
    assert "laptop.example.org." in answer["text"]
    eventually("the records are back", lambda: site6.records() == before)


def test_a_command_that_fails_changes_nothing(site6):
    command(site6, "lease6-add", **lease())
    registered(site6, "laptop")
    for name, arguments in [
        ("lease6-add", {"ip-address": ADDRESS, "duid": DUID, "hostname": "x"}),
        ("lease6-update", {"ip-address": ADDRESS, "subnet-id": 77}),
        ("lease6-del", {"ip-address": "2001:db8:77::9:77"}),
        ("lease6-del", {"ip-address": 7}),
        ("lease6-wipe", {"subnet-id": 77}),
        ("lease6-bulk-apply", {"leases": [{"ip-address": ADDRESS}]}),
        ("lease6-bulk-apply", {"leases": 7}),
        ("lease6-resend-ddns", {"ip-address": OTHER}),
    ]:
        assert site6.kea.command(name, **arguments)["result"] != 0, name
    registered(site6, "laptop")
    assert not site6.kea.messages("DNS_UPDATE_CALLOUT_FAILED")
