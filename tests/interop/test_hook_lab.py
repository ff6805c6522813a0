# SPDX-License-Identifier: MPL-2.0
"""The laboratory's own servers work: knsupdate changes them as our hook will."""

import os
import subprocess

import pytest
from lab.dns_servers import ALGORITHMS, SERVERS, Key, Record
from lab.process import wrong_clock

NEW = Record("host.example.org.", "A", "192.0.2.7")


def knsupdate(server, key, command, environment=None):
    script = f"server {server.address} {server.port}\nzone example.org.\n{command}\nsend\n"
    argv = ["knsupdate", "-y", f"{key.algorithm}:{key.name}:{key.secret}"]
    return subprocess.run(
        argv,
        input=script,
        text=True,
        capture_output=True,
        check=False,
        timeout=20,
        env={**os.environ, **(environment or {})},
    )


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_may_update(tmp_path, kind, algorithm):
    key = Key(algorithm=algorithm)
    with kind(tmp_path, keys=[key]) as server:
        before = server.zone("example.org.")
        done = knsupdate(server, key, "update add host.example.org. 60 A 192.0.2.7")
        assert done.returncode == 0, done.stderr
        assert server.zone("example.org.") == before | {NEW}


@pytest.mark.parametrize("kind", SERVERS)
def test_zones_outlive_a_kill(tmp_path, kind):
    key = Key()
    with kind(tmp_path, keys=[key]) as server:
        knsupdate(server, key, "update add host.example.org. 60 A 192.0.2.7")
        server.kill()
        server.start()
        assert NEW in server.zone("example.org.")
        assert server.lookup("ns.example.org.", "A") == ["203.0.113.53"]


@pytest.mark.parametrize("kind", SERVERS)
def test_a_wrong_key_may_not_update(tmp_path, kind):
    with kind(tmp_path, keys=[Key()]) as server:
        before = server.zone("example.org.")
        done = knsupdate(server, Key(), "update add host.example.org. 60 A 192.0.2.7")
        assert done.returncode != 0
        assert server.zone("example.org.") == before


@pytest.mark.parametrize("kind", SERVERS)
def test_a_wrong_clock_stops_updates(tmp_path, kind):
    key = Key()
    with kind(tmp_path, keys=[key]) as server:
        command = "update add host.example.org. 60 A 192.0.2.7"
        done = knsupdate(server, key, command, wrong_clock(-400))
        assert done.returncode != 0
        assert NEW not in server.zone("example.org.")
