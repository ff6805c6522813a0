# SPDX-License-Identifier: MPL-2.0
"""Any octet of the ledger may be wrong: the leases are in DNS all the same."""

import pytest
from lab.clients import ScriptedClient, host_name
from lab.moments import chance
from lab.process import eventually

PLACES = 50


def flip(random, paths):
    """Change one octet of what these files hold together."""
    sizes = [path.stat().st_size for path in paths]
    at = random.randrange(sum(sizes))
    for path, size in zip(paths, sizes):
        if at < size:
            octets = bytearray(path.read_bytes())
            octets[at] ^= random.randrange(1, 256)
            path.write_bytes(octets)
            return f"{path.name} at {at}"
        at -= size
    raise AssertionError


def test_one_octet_is_another(site):
    random = chance()
    clients = [ScriptedClient(site.link, host_name(f"host{n}")) for n in range(5)]
    for client in clients:
        client.lease()
    site.agree()
    for number in range(PLACES):
        if number % 2:
            site.stop_cleanly()
        else:
            site.kea.kill()  # what was written last is in the log beside the file
        files = [site.ledger, site.ledger.with_name(f"{site.ledger.name}-wal")]
        where = flip(random, [path for path in files if path.exists()])
        site.kea.start()
        eventually(f"settled after {where}", site.settled, 60)
        site.agree(60)
        leaving = random.choice(clients)
        leaving.release()
        leaving.lease()
        eventually("settled", site.settled, 60)
        site.agree(60)
    print(f"{len(site.kea.messages('LEDGER_SET_ASIDE'))} of {PLACES} set aside")


@pytest.mark.parametrize("content", [b"", b"no ledger", bytes(8192)], ids=["empty", "text", "zeros"])
def test_something_else_is_in_its_place(site, content):
    client = ScriptedClient(site.link, host_name("laptop"))
    client.lease()
    site.agree()
    site.stop_cleanly()
    for path in site.ledger.parent.glob(f"{site.ledger.name}-*"):
        path.unlink()
    site.ledger.write_bytes(content)
    site.kea.start()
    site.agree(60)
    client.release()
    eventually("gone", lambda: site.records() == site.static, 60)
