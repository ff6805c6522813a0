# SPDX-License-Identifier: MPL-2.0
"""The command dns-update against BIND, Knot and PowerDNS.

What DNS says afterwards is read by zone transfer and query, never taken from
the command.  The command is $DNS_UPDATE_COMMAND, or the one of the folder build.
"""

from __future__ import annotations

import base64
import dataclasses
import itertools
import json
import os
import pathlib
import socket
import subprocess
import time

import pytest
from lab.dns_servers import ALGORITHMS, SERVERS, Bind, DnsServer, Key, Knot, PowerDNS
from lab.process import wrong_clock

ROOT = pathlib.Path(__file__).parents[2]
COMMAND = os.environ.get("DNS_UPDATE_COMMAND", ROOT / "build/ddns-core/cli/dns-update")
ZONE = "example.org."
REVERSE4 = "2.0.192.in-addr.arpa."
REVERSE6 = "8.b.d.0.1.0.0.2.ip6.arpa."
KEYS = {name: Key(f"key-{name}", name) for name in ALGORITHMS}
DONE, REFUSED, USAGE, NO_ANSWER, SIGNATURE = range(5)

numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


def dns_update(*arguments, env=None, seconds=30, **parameters) -> Result:
    """Run it with parameters such as dns_server=..., which stands for dns-server=."""
    words = [f"{name.replace('_', '-')}={value}" for name, value in parameters.items()]
    done = subprocess.run(
        [COMMAND, *arguments, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        env={**os.environ, **(env or {})},
    )
    return Result(done.returncode, done.stdout, done.stderr)


def signed(key: Key) -> dict[str, str]:
    return {"key_name": key.name, "key": key.secret, "key_algorithm": key.algorithm}


def at(server: DnsServer, key: Key | None = KEYS["hmac-sha256"], **more) -> dict[str, object]:
    """Parameters for a server's zone, signed unless `key` is None."""
    sign = signed(key) if key else {}
    return {
        "dns_server": server.address,
        "port": server.port,
        "zone": ZONE,
        **sign,
        **more,
    }


@pytest.fixture(scope="module", params=SERVERS, ids=lambda kind: kind.__name__)
def server(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dns")
    with request.param(
        folder, reverse=(REVERSE4, REVERSE6), keys=list(KEYS.values())
    ) as running:
        yield running


@pytest.fixture
def name():
    """A name that no other test has used."""
    return f"host-{next(numbers)}"


@pytest.fixture
def address():
    """An IPv4 address that no other test has used."""
    return f"192.0.2.{next(numbers) % 250 + 1}"


def records(server, owner):
    """Type and data of the records of a name, by zone transfer."""
    zone = ZONE if owner.endswith(ZONE) else REVERSE4 if "in-addr" in owner else REVERSE6
    return {(r.type, r.data) for r in server.zone(zone) if r.name == owner}


def ttl_of(server, owner, rdtype):
    return {r.ttl for r in server.zone(ZONE) if (r.name, r.type) == (owner, rdtype)}


def ptr_owner(address):
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


# ---- what it is for ---------------------------------------------------------


def test_a_name_gets_an_address(server, name):
    owner = f"{name}.{ZONE}"
    done = dns_update(**at(server, name=name, address="192.0.2.7"))
    assert done == Result(DONE, f"{owner} 300 IN A 192.0.2.7\n", "")
    assert records(server, owner) == {("A", "192.0.2.7")}
    assert ttl_of(server, owner, "A") == {300}
    assert server.lookup(owner, "A") == ["192.0.2.7"]


def test_the_new_address_is_the_only_one_of_its_family(server, name):
    owner = f"{name}.{ZONE}"
    for address in ("2001:db8::7", "192.0.2.7", "192.0.2.8"):
        assert dns_update(**at(server, name=name, address=address)).status == DONE
    assert records(server, owner) == {("A", "192.0.2.8"), ("AAAA", "2001:db8::7")}
    assert dns_update(**at(server, name=name, address="2001:db8::8")).status == DONE
    assert records(server, owner) == {("A", "192.0.2.8"), ("AAAA", "2001:db8::8")}


def test_doing_it_again_changes_nothing(server, name):
    for _ in range(2):
        assert dns_update(**at(server, name=name, address="192.0.2.7")).status == DONE
    assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.7")}


def test_the_ttl_can_be_chosen_and_changed(server, name):
    for ttl in (60, 86400):
        result = dns_update(**at(server, name=name, address="192.0.2.7", ttl=ttl))
        assert result.status == DONE
        assert ttl_of(server, f"{name}.{ZONE}", "A") == {ttl}


def test_ttl_0_takes_just_that_address_away(server, name):
    owner = f"{name}.{ZONE}"
    for address in ("192.0.2.7", "2001:db8::7"):
        dns_update(**at(server, name=name, address=address))
    other = dns_update(**at(server, name=name, address="192.0.2.8", ttl=0))
    assert other.status == DONE
    assert records(server, owner) == {("A", "192.0.2.7"), ("AAAA", "2001:db8::7")}
    done = dns_update(**at(server, name=name, address="192.0.2.7", ttl=0))
    assert done == Result(DONE, f"{owner} no longer has A 192.0.2.7\n", "")
    assert records(server, owner) == {("AAAA", "2001:db8::7")}


def test_a_name_with_a_dot_is_absolute(server, name):
    owner = f"{name}.{ZONE}"
    assert dns_update(**at(server, name=owner, address="192.0.2.7")).status == DONE
    assert records(server, owner) == {("A", "192.0.2.7")}


def test_the_zone_itself_can_have_an_address(server):
    before = records(server, ZONE)
    assert dns_update(**at(server, name="@", address="192.0.2.7")).status == DONE
    assert records(server, ZONE) == before | {("A", "192.0.2.7")}
    assert dns_update(**at(server, name="@", address="192.0.2.7", ttl=0)).status == DONE
    assert records(server, ZONE) == before


def test_a_wildcard_can_have_an_address(server, name):
    owner = f"*.{name}.{ZONE}"
    assert dns_update(**at(server, name=f"*.{name}", address="192.0.2.7")).status == DONE
    assert records(server, owner) == {("A", "192.0.2.7")}


# ---- PTR --------------------------------------------------------------------


@pytest.mark.parametrize("zone", [{}, {"reverse_zone": REVERSE4}], ids=["found", "given"])
def test_a_ptr_is_set_and_removed_along(server, name, address, zone):
    owner, reverse = f"{name}.{ZONE}", ptr_owner(address)
    done = dns_update(**at(server, name=name, address=address, ptr="yes", **zone))
    line = f"{owner} 300 IN A {address}; {reverse} 300 IN PTR {owner}\n"
    assert done == Result(DONE, line, "")
    assert records(server, reverse) == {("PTR", owner)}
    moved = dns_update(**at(server, name=f"{name}x", address=address, ptr="yes", **zone))
    assert moved.status == DONE
    assert records(server, reverse) == {("PTR", f"{name}x.{ZONE}")}
    dns_update(**at(server, name=name, address=address, ptr="yes", ttl=0, **zone))
    assert records(server, reverse) == {("PTR", f"{name}x.{ZONE}")}
    assert records(server, owner) == set()
    dns_update(**at(server, name=f"{name}x", address=address, ptr="yes", ttl=0, **zone))
    assert records(server, reverse) == set()


@pytest.mark.parametrize("zone", [{}, {"reverse_zone": REVERSE6}], ids=["found", "given"])
def test_an_ipv6_ptr(server, name, zone):
    address = f"2001:db8::{next(numbers):x}"
    done = dns_update(**at(server, name=name, address=address, ptr="yes", **zone))
    assert done.status == DONE, done.err
    found = {r for r in server.zone(REVERSE6) if r.data == f"{name}.{ZONE}"}
    assert {(r.type, r.ttl) for r in found} == {("PTR", 300)}
    assert len(next(iter(found)).name.split(".")) == 35


def test_without_a_reverse_zone_nothing_is_changed(server, name):
    done = dns_update(**at(server, name=name, address="10.0.0.7", ptr="yes"))
    assert (done.status, done.out) == (REFUSED, "")
    assert "knows no zone that holds 7.0.0.10.in-addr.arpa." in done.err
    assert records(server, f"{name}.{ZONE}") == set()


def test_what_was_done_is_said_when_the_ptr_fails(server, name):
    zone = "0.0.10.in-addr.arpa"
    done = dns_update(
        **at(server, name=name, address="10.0.0.7", ptr="yes", reverse_zone=zone)
    )
    assert done.status == REFUSED
    assert "PTR not set" in done.err
    assert f"{name}.{ZONE} 300 IN A 10.0.0.7" in done.err
    assert records(server, f"{name}.{ZONE}") == {("A", "10.0.0.7")}


# ---- keys -------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_over_both_transports(server, name, algorithm, transport):
    result = dns_update(
        **at(server, KEYS[algorithm], name=name, address="192.0.2.7", transport=transport)
    )
    assert result.status == DONE, result.err
    assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.7")}


def key_file(folder, *keys):
    path = folder / "ddns.key"
    path.write_text(
        "".join(
            f'# a key\nkey "{key.name}" {{\n\talgorithm {key.algorithm};\n'
            f'\tsecret "{key.secret}";\n}};\n'
            for key in keys
        )
    )
    return path


def test_a_key_file(server, name, tmp_path):
    key = KEYS["hmac-sha512"]
    path = key_file(tmp_path, key)
    done = dns_update(**at(server, None, name=name, address="192.0.2.7", key_file=path))
    assert done.status == DONE, done.err
    path = key_file(tmp_path, Key(), key)
    several = at(server, None, name=name, address="192.0.2.8", key_file=path)
    assert dns_update(**several).status == USAGE
    assert dns_update(**several, key_name=key.name).status == DONE
    assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.8")}


def test_a_secret_as_text(tmp_path, name):
    text = "update"
    key = Key("dnsuser", "hmac-md5", base64.b64encode(text.encode()).decode())
    with Bind(tmp_path, keys=[key]) as server:
        as_routeros = at(server, dataclasses.replace(key, secret=text))
        done = dns_update(
            **as_routeros, key_encoding="text", name=name, address="192.0.2.7"
        )
        assert done.status == DONE, done.err
        assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.7")}


@pytest.mark.parametrize("algorithm", ["hmac-sha256-128", "hmac-sha1-80", "hmac-md5-80"])
def test_a_shortened_signature(tmp_path, name, algorithm):
    key = Key("short", algorithm)
    with Bind(tmp_path, keys=[key]) as server:
        done = dns_update(**at(server, key, name=name, address="192.0.2.7"))
        assert done.status == DONE, done.err
        assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.7")}


def test_a_signature_shorter_than_the_server_wants(server, name):
    key = dataclasses.replace(KEYS["hmac-sha256"], algorithm="hmac-sha256-128")
    done = dns_update(**at(server, key, name=name, address="192.0.2.7", timeout=1))
    expect_signature_error(server, done, "BADTRUNC" if isinstance(server, Bind) else "BADSIG")
    assert records(server, f"{name}.{ZONE}") == set()


def test_an_unsigned_update_of_an_open_zone(tmp_path, name):
    with OpenBind(tmp_path) as server:
        done = dns_update(**at(server, None, name=name, address="192.0.2.7"))
        assert done == Result(DONE, f"{name}.{ZONE} 300 IN A 192.0.2.7\n", "")
        assert records(server, f"{name}.{ZONE}") == {("A", "192.0.2.7")}


class OpenBind(Bind):
    """Lets everybody update."""

    def _zone(self, zone: str) -> str:
        return super()._zone(zone).replace("none;", "any;")


# ---- what can go wrong ------------------------------------------------------


def expect_signature_error(server, done, error):
    """PowerDNS answers any wrong signature with an unsigned REFUSED."""
    if isinstance(server, PowerDNS):
        assert (done.status, done.out) == (REFUSED, "")
        assert "REFUSED" in done.err
        assert "the key and the clock" in done.err
    else:
        assert (done.status, done.out) == (SIGNATURE, "")
        assert error in done.err


def test_an_unsigned_update_is_refused(server, name):
    done = dns_update(**at(server, None, name=name, address="192.0.2.7"))
    assert (done.status, done.out) == (REFUSED, "")
    assert "REFUSED" in done.err or "NOTAUTH" in done.err
    assert records(server, f"{name}.{ZONE}") == set()


def test_a_wrong_secret(server, name):
    key = dataclasses.replace(KEYS["hmac-sha256"], secret=Key().secret)
    done = dns_update(**at(server, key, name=name, address="192.0.2.7", timeout=1))
    expect_signature_error(server, done, "BADSIG")
    assert key.secret not in done.err
    assert records(server, f"{name}.{ZONE}") == set()


def test_a_key_that_the_server_does_not_know(server, name):
    key = Key("nobody")
    done = dns_update(**at(server, key, name=name, address="192.0.2.7", timeout=1))
    expect_signature_error(server, done, "BADKEY")
    assert records(server, f"{name}.{ZONE}") == set()


@pytest.mark.parametrize(("seconds", "word"), [(-3600, "behind"), (3600, "ahead of")])
def test_a_wrong_clock(server, name, seconds, word):
    done = dns_update(
        **at(server, name=name, address="192.0.2.7", timeout=1), env=wrong_clock(seconds)
    )
    expect_signature_error(server, done, "BADTIME")
    if not isinstance(server, PowerDNS):
        assert any(f"{n} seconds {word} the server" in done.err for n in range(3598, 3603))
    assert records(server, f"{name}.{ZONE}") == set()


def test_a_zone_that_the_server_does_not_have(server, name):
    done = dns_update(
        **{**at(server, name=name, address="192.0.2.7"), "zone": "example.net"}
    )
    assert (done.status, done.out) == (REFUSED, "")
    assert any(rcode in done.err for rcode in ("NOTAUTH", "REFUSED", "NOTZONE"))


def test_a_name_outside_its_zone_is_not_sent(server):
    done = dns_update(**at(server, name="www.example.net.", address="192.0.2.7"))
    assert (done.status, done.out) == (USAGE, "")
    assert done.err.startswith("dns-update: name: ")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_no_server(name, transport):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # and does not listen
        started = time.monotonic()
        done = dns_update(
            dns_server="127.0.0.1",
            port=unused.getsockname()[1],
            transport=transport,
            timeout=1,
            zone=ZONE,
            name=name,
            address="192.0.2.7",
        )
        assert (done.status, done.out) == (NO_ANSWER, "")
        assert "refused" in done.err
        assert time.monotonic() - started < 3


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_server_that_says_nothing(tmp_path, name, transport):
    with Knot(tmp_path, keys=[KEYS["hmac-sha256"]]) as server:
        server.pause()
        started = time.monotonic()
        done = dns_update(
            **at(server, name=name, address="192.0.2.7"), transport=transport, timeout=0.5
        )
        assert (done.status, done.out) == (NO_ANSWER, "")
        assert "no answer in time" in done.err
        assert 0.4 < time.monotonic() - started < 4
        server.resume()


# ---- what it says -----------------------------------------------------------


def test_json_of_a_success(server, name):
    done = dns_update("--json", **at(server, name=name, address="192.0.2.7"))
    assert done.status == DONE
    assert json.loads(done.out) == {
        "status": "done",
        "name": f"{name}.{ZONE}",
        "zone": ZONE,
        "type": "A",
        "address": "192.0.2.7",
        "ttl": 300,
        "ptr": None,
        "server": f"127.0.0.1#{server.port}",
        "rcode": "NOERROR",
        "tsig-error": None,
        "clock-skew-seconds": None,
        "message": f"{name}.{ZONE} 300 IN A 192.0.2.7",
    }


def test_json_of_a_refusal(server, name):
    done = dns_update("--json", **at(server, None, name=name, address="192.0.2.7"))
    said = json.loads(done.out)
    rcode = "NOTAUTH" if isinstance(server, Knot) else "REFUSED"
    assert (done.status, said["status"], said["rcode"]) == (REFUSED, "refused", rcode)
    assert done.err == ""


@pytest.mark.parametrize("kind", [Bind, Knot], ids=lambda kind: kind.__name__)
def test_json_of_a_wrong_clock(tmp_path, kind, name):
    with kind(tmp_path, keys=[KEYS["hmac-sha256"]]) as server:
        late = dns_update(
            "--json", **at(server, name=name, address="192.0.2.7"), env=wrong_clock(-900)
        )
    said = json.loads(late.out)
    assert (said["status"], said["tsig-error"]) == ("signature", "BADTIME")
    assert 898 <= said["clock-skew-seconds"] <= 903


def test_json_of_wrong_usage():
    done = dns_update("nmae=a", "--json")
    assert done.status == USAGE
    assert json.loads(done.out)["message"].startswith("nmae: ")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"zone": "a..b"}, "zone: "),
        ({"name": "a" * 64}, "name: "),
        ({"key": "not base64!"}, "key: "),
        ({"key_algorithm": "hmac-sha3"}, "key-algorithm: "),
        ({"key_algorithm": "hmac-sha256-64"}, "key-algorithm: "),
        ({"key_name": "a..b"}, "key-name: "),
        ({"ptr": "yes", "reverse_zone": "a..b"}, "reverse-zone: "),
        ({"ptr": "yes", "reverse_zone": "10.in-addr.arpa"}, "reverse-zone: "),
    ],
)
def test_a_wrong_value_is_named_with_its_parameter(wrong, why):
    right = {
        "dns_server": "127.0.0.1",
        "zone": ZONE,
        "name": "host",
        "address": "192.0.2.7",
        **signed(KEYS["hmac-sha256"]),
    }
    done = dns_update(**{**right, **wrong})
    assert (done.status, done.out) == (USAGE, "")
    assert done.err.startswith(f"dns-update: {why}")
    assert done.err.count("\n") == 1


def test_help_and_version():
    assert "Usage: dns-update" in dns_update("--help").out
    assert dns_update("--version").out.startswith("dns-update ")


def test_the_secret_leaves_the_arguments_before_the_network_is_used(name):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        words = [
            "dns-server=127.0.0.1",
            f"port={silent.getsockname()[1]}",
            f"zone={ZONE}",
            f"name={name}",
            "address=192.0.2.7",
            "key-name=a",
            "key=U0VDUkVUU0VDUkVU",
            "timeout=5",
        ]
        child = subprocess.Popen([COMMAND, *words], stderr=subprocess.DEVNULL)
        try:
            connection, _ = silent.accept()
            arguments = pathlib.Path(f"/proc/{child.pid}/cmdline").read_bytes()
            connection.close()
        finally:
            child.kill()
            child.wait()
    assert b"key-name=a\0key=\0" in arguments
    assert b"U0VD" not in arguments
