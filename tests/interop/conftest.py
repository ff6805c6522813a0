# SPDX-License-Identifier: MPL-2.0
"""Shared by the tests that run Kea with the hook against DNS servers."""

from __future__ import annotations

import pytest
from lab.site import Site


@pytest.fixture
def sites(tmp_path):
    """Site(tmp_path, ...) that is ended, and must end cleanly, with the test."""
    running = []

    def start(**settings):
        site = Site(tmp_path, **settings)
        site.__enter__()
        running.append(site)
        return site

    try:
        yield start
        for site in running:
            site.stop_cleanly()
    finally:
        for site in running:
            site.__exit__(None, None, None)
