# SPDX-License-Identifier: MPL-2.0
"""The ledger cannot be used: DHCP and DNS go on, and it is taken up again."""

import contextlib
import sqlite3
import time

from lab.clients import ScriptedClient, host_name
from lab.disk import fill, small_disk
from lab.process import eventually
from lab.site import Site

A_RETRY = 7  # seconds; the ledger is tried again every five


def ledger_state(site):
    return site.status()["ledger"]


def is_down(site):
    return ledger_state(site)["state"] == "down"


def is_up(site):
    return ledger_state(site)["state"] == "up"


def said(site):
    return site.kea.messages("DNS_UPDATE_LEDGER_DOWN")


def rows(path):
    """The addresses in a ledger, as anybody may read them while it is in use."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as ledger:
        return {address for (address,) in ledger.execute("SELECT address FROM told")}


def lease(site, *names):
    clients = [ScriptedClient(site.link, host_name(name)) for name in names]
    for client in clients:
        client.lease()
    return clients


def goes_on_without(site, why, keep_away=lambda: None):
    """It is said once, and leases come, change, go and are in DNS all the same."""
    eventually("ledger down", lambda: is_down(site), 30)
    keep_away()
    assert why in ledger_state(site)["last-error"]
    kept, renamed, left = lease(site, "kept", "before", "left")
    site.agree(30)
    left.release()
    renamed.options = [host_name("after")]
    renamed.renew()
    site.agree(30)
    assert site.address_of("after") == [renamed.address]
    assert not site.address_of("left")
    time.sleep(A_RETRY)
    (line,) = said(site)
    assert why in line
    assert not site.kea.messages("DNS_UPDATE_LEDGER_UP")
    return kept, renamed


def is_used_again(site, *clients):
    """It has what it missed, and what comes next."""
    eventually("ledger up", lambda: is_up(site), 60)
    assert len(site.kea.messages("DNS_UPDATE_LEDGER_UP")) == 1
    clients += tuple(lease(site, "later"))
    site.agree(30)
    expected = {client.address for client in clients}
    eventually("all in the ledger", lambda: rows(site.ledger) == expected, 30)


@contextlib.contextmanager
def site_with_ledger(folder, ledger):
    with Site(folder, hook={"ledger": str(ledger)}) as site:
        yield site
        site.stop_cleanly()


def test_the_disk_is_full_at_the_start(tmp_path):
    with small_disk(tmp_path / "small") as small:
        filler = fill(small)
        with site_with_ledger(tmp_path, small / "ledger") as site:
            clients = goes_on_without(site, "no room")
            filler.unlink()
            is_used_again(site, *clients)


def test_the_disk_becomes_full(tmp_path):
    with small_disk(tmp_path / "small") as small:
        with site_with_ledger(tmp_path, small / "ledger") as site:
            first = lease(site, "first")
            site.agree(30)
            filler = fill(small)
            first += lease(site, *(f"host{number}" for number in range(20)))
            # Closing the file gives back the room of its log.
            clients = goes_on_without(site, "no room", lambda: fill(small))
            filler.unlink()
            is_used_again(site, *first, *clients)


def test_a_folder_that_does_not_exist(tmp_path):
    ledger = tmp_path / "none" / "ledger"
    with site_with_ledger(tmp_path, ledger) as site:
        clients = goes_on_without(site, "No such file or directory")
        ledger.parent.mkdir()
        is_used_again(site, *clients)


def slow_log():
    """Loggers that take Kea milliseconds to set up, its own last."""
    names = [*(f"kea-dhcp4.other{number}" for number in range(2000)), "kea-dhcp4"]
    outputs = [{"output": "stdout"}]
    return [{"name": n, "severity": "INFO", "output_options": outputs} for n in names]


def test_it_is_said_while_kea_sets_up_its_log(tmp_path):
    ledger = tmp_path / "none" / "ledger"
    with Site(tmp_path, hook={"ledger": str(ledger)}, loggers=slow_log()) as site:
        for starts in range(1, 7):
            eventually("ledger down", lambda: is_down(site), 30)
            eventually("said so", lambda: len(said(site)) == starts, 5)
            assert site.kea.command("config-reload")["result"] == 0
        site.stop_cleanly()


def test_a_newer_version_has_written_it(site):
    first = lease(site, "first")
    site.agree(30)
    site.stop_cleanly()
    site.kea.log.unlink()

    def set_version(version):
        with contextlib.closing(sqlite3.connect(site.ledger)) as ledger:
            ledger.execute(f"PRAGMA user_version={version}")

    with contextlib.closing(sqlite3.connect(site.ledger)) as ledger:
        ((ours,),) = ledger.execute("PRAGMA user_version")
    set_version(ours + 1)
    site.kea.start()
    clients = goes_on_without(site, "newer version")
    assert rows(site.ledger) == {first[0].address}
    set_version(ours)
    is_used_again(site, *first, *clients)


def test_another_program_locks_it(site):
    first = lease(site, "first")
    site.agree(30)
    with contextlib.closing(sqlite3.connect(site.ledger, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        first += lease(site, "second")
        clients = goes_on_without(site, "locked")
        other.execute("ROLLBACK")
    is_used_again(site, *first, *clients)


def test_another_server_uses_it(site, tmp_path):
    lease(site, "first")
    site.agree(30)
    second = tmp_path / "second"
    second.mkdir()
    with site_with_ledger(second, site.ledger) as other:
        clients = goes_on_without(other, "another process")
        site.agree(30)
        assert is_up(site)
        site.stop_cleanly()
        is_used_again(other, *clients)


def test_it_is_deleted_while_it_is_in_use(site):
    first = lease(site, "first")
    site.agree(30)
    for path in site.ledger.parent.glob(f"{site.ledger.name}*"):
        path.unlink()
    clients = first + lease(site, "second")
    site.agree(30)
    eventually("said so", lambda: site.kea.messages("DNS_UPDATE_LEDGER_UP"), 30)
    (line,) = said(site)
    assert "deleted" in line
    is_used_again(site, *clients)
