# SPDX-License-Identifier: MPL-2.0
"""The quick start does what it says, and leaves nothing behind."""

import os
import pathlib
import signal
import subprocess

from lab.kea import hook_library
from lab.process import eventually

RUN = pathlib.Path(__file__).parents[2] / "kea-config-examples/quickstart/run"
FOLDER = pathlib.Path("/run/dns-update-quickstart")
NAMESPACES = [pathlib.Path(f"/run/netns/dns-update-{side}") for side in ("server", "client")]


def start(*words):
    return subprocess.Popen(
        [RUN, *words],
        env={**os.environ, "DNS_UPDATE_HOOK": str(hook_library())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Whoever starts the tests in the background may have made it ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def nothing_left():
    return not any(path.exists() for path in [FOLDER, *NAMESPACES])


def test_it_shows_records_that_come_and_go():
    run = start()
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    assert "dig laptop.example.org A  ->  192.0.2.1" in output
    assert "dig laptop.example.org DHCID  ->  nothing" in output
    assert nothing_left()


def test_it_cleans_up_when_interrupted():
    run = start()
    eventually("kea runs", lambda: (FOLDER / "kea-dhcp4.process").exists(), 60)
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=60)
    assert run.returncode != 0, output
    assert nothing_left()


def test_it_keeps_running_until_stopped():
    run = start("--keep")
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 0, output
    assert not nothing_left()
    stop = start("--stop")
    output, _ = stop.communicate(timeout=60)
    assert stop.returncode == 0, output
    assert nothing_left()
