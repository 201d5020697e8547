from __future__ import annotations

import pytest

from taskqueue.callback_hosts import CallbackHostInvalid, CallbackHosts

HOSTS = CallbackHosts(["127.0.0.1", "tp.internal:8000", "*.example.org", "https://hooks.example.net/tasks/"])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1:9999/anything?x=1",
        "http://tp.internal:8000/hooks",
        "http://a.example.org",
        "http://a.b.EXAMPLE.org/",
        "https://hooks.example.net/tasks/1",
        "https://hooks.example.net:443/tasks/",
    ],
)
def test_what_an_entry_names_is_admitted(url: str):
    assert HOSTS.admits(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/",
        "http://tp.internal/",
        "http://tp.internal:8001/",
        "http://example.org/",
        "http://badexample.org/",
        "http://a.example.org.evil.net/",
        "http://hooks.example.net/tasks/1",
        "https://hooks.example.net:8443/tasks/1",
        "https://hooks.example.net/other",
        "https://hooks.example.net/tasks/../admin",
        "https://hooks.example.net/tasks/%2e%2e/admin",
        "https://hooks.example.net/tasks/%252e%252e/admin",
        "http://127.0.0.1@evil.net/",
        "http://user:pass@127.0.0.1/",
        "http://evil.net#@127.0.0.1/",
        "http://evil.net\\@127.0.0.1/",
        "http://2130706433/",
        "http://[::1]/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "//127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://１２７.0.0.1/",
        "",
    ],
)
def test_everything_else_is_not(url: str):
    assert not HOSTS.admits(url)


def test_without_entries_nothing_is_admitted():
    assert not CallbackHosts([]).admits("http://127.0.0.1/")


@pytest.mark.parametrize("entry", ["", "a b", "host/path", "ftp://host/", "*.", "user@host", "https://host/?x"])
def test_an_entry_of_no_form_is_refused(entry: str):
    with pytest.raises(CallbackHostInvalid):
        CallbackHosts([entry])
