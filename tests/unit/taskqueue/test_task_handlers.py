from __future__ import annotations

import pytest
from pydantic import BaseModel

from taskqueue.contract import Handler, Plugin
from taskqueue.handlers import DuplicateHandler, handlers_of, installed_plugins


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
