# SPDX-License-Identifier: MPL-2.0
"""A site for each test; it must have agreed and ended cleanly at the test's end."""

from __future__ import annotations

import pytest
from lab.kea import kea_version
from lab.process import installed
from lab.site import Site, Site6

# Not every release of Debian has every program, and not every Kea every option.
collect_ignore = []
if kea_version() < (2, 6):
    collect_ignore.append("test_check_with_libraries.py")
if kea_version() < (3, 0):
    collect_ignore += ["test_address_registration.py", "test_ddns_tuning.py"]
if installed("dhclient") is None:
    collect_ignore.append("test_dhclient.py")


@pytest.fixture
def site(tmp_path, request):
    """kea-dhcp4 with the hook and BIND; `indirect` parameters are Site's settings."""
    yield from _running(Site, tmp_path, request)


@pytest.fixture
def site6(tmp_path, request):
    """The same with kea-dhcp6."""
    yield from _running(Site6, tmp_path, request)


def _running(kind, folder, request):
    with kind(folder, **getattr(request, "param", {})) as running:
        yield running
        if running.kea._process is not None:  # a test may have ended it itself
            running.stop_cleanly()
