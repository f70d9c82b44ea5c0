"""Tries are counted for who makes them, not for the proxy in front, and nobody picks their address."""

from ipaddress import ip_network

import pytest

from app.auth.client_address import client_address

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not our proxy: its word counts nothing
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),  # 1.2.3.4 is made up
        ("10.0.0.1", ["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["nonsense"], "nonsense"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::1", ["2001:db8::7"], "2001:db8::7"),
        (None, ["198.51.100.1"], "unknown"),
    ],
)
def test_only_the_companys_own_proxies_are_believed(peer, headers, expected):
    assert client_address(peer, headers, PROXIES) == expected


def test_without_proxies_the_socket_decides():
    assert client_address("10.0.0.1", ["198.51.100.1"], ()) == "10.0.0.1"
