# SPDX-License-Identifier: MPL-2.0
"""A site for each test; it must have agreed and ended cleanly at the test's end."""

from __future__ import annotations

import pytest
from lab.site import Site


@pytest.fixture
def site(tmp_path, request):
    """Kea with the hook and BIND; `indirect` parameters are Site's settings."""
    with Site(tmp_path, **getattr(request, "param", {})) as running:
        yield running
        if running.kea._process is not None:  # a test may have ended it itself
            running.stop_cleanly()
