from __future__ import annotations

import pytest
from pydantic import BaseModel

from taskqueue.contract import Handler, Plugin
from taskqueue.handlers import DuplicateHandler, PluginMissing, handlers_of, installed_plugins


def handler(type: str) -> Handler:
    return Handler(type, BaseModel, lambda _, __: None)


def test_handlers_are_found_by_their_types():
    one, two = handler("a.one"), handler("b.two")
    assert handlers_of([Plugin([one]), Plugin([two])]) == {"a.one": one, "b.two": two}


def test_two_handlers_of_one_type_are_refused():
    with pytest.raises(DuplicateHandler):
        handlers_of([Plugin([handler("a.one")]), Plugin([handler("a.one")])])


def test_a_group_without_entry_points_gives_nothing():
    assert installed_plugins("taskqueue.handlers.nowhere") == []


def test_of_the_installed_plugins_those_that_are_named_are_loaded_and_a_missing_one_is_told():
    [platform] = installed_plugins(only=["tp"])

    assert {handler.type.partition(".")[0] for handler in platform.handlers} == {"tp"}
    with pytest.raises(PluginMissing, match="nowhere"):
        installed_plugins(only=["tp", "nowhere"])
