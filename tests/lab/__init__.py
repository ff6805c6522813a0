# SPDX-License-Identifier: MPL-2.0
"""Real DNS servers, a real Kea, DHCP clients and the networks between them."""
