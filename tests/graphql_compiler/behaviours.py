"""What resolvers give, as values: drawn once, and made anew for each execution.

A plan follows the type of its field, or fails to: it may be null where it must not, of a wrong type, raise, or
come later. Objects are dicts or objects with attributes, whose own fields follow their plans in turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gates import Gates
from graphql import GraphQLError


@dataclass(frozen=True)
class Leaf:
    value: Any


@dataclass(frozen=True)
class Fails:
    """`how`: raised, or returned as the value."""

    how: str
    error: str


@dataclass(frozen=True)
class Many:
    items: tuple[Plan, ...]
    form: str


@dataclass(frozen=True)
class One:
    type_name: str
    form: str


@dataclass(frozen=True)
class Later:
    """`how`: a coroutine, a future or another awaitable, behind a gate or ready."""

    plan: Plan
    how: str
    gated: bool


Plan = Leaf | Fails | Many | One | Later

ERRORS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: ValueError("it is not here"),
    "without words": lambda: KeyError(),
    "of GraphQL": lambda: GraphQLError("that is not how it is asked", extensions={"code": "REFUSED", "at": [1]}),
    "located": lambda: GraphQLError("elsewhere", path=["some", 0, "where"]),
    "with extensions": lambda: _Extended("it has more to say"),
}


class _Extended(Exception):
    extensions = {"code": "EXTENDED"}


@dataclass(frozen=True)
class FieldBehaviour:
    """`resolver`: the schema has a function; else the source has a value, or (`called`) a function for it."""

    plan: Plan
    resolver: bool
    called: bool
    looks: bool


@dataclass
class Run:
    """One execution: the context of its resolvers. `fields` is keyed by type and field name."""

    gates: Gates
    fields: Mapping[tuple[str, str], FieldBehaviour]
    typenames: frozenset[str] = field(default_factory=frozenset)

    def make(self, plan: Plan, owner: str) -> Any:
        """Make the value of a plan; raises what the plan says. `owner` tells where it is, to order what waits."""
        match plan:
            case Leaf(value):
                return value
            case Fails("raised", error):
                raise ERRORS[error]()
            case Fails(_, error):
                return ERRORS[error]()
            case One(type_name, form):
                return self.source(type_name, form, owner)
            case Many(items, form):
                return self._many(items, form, owner)
            case Later():
                return self._later(plan, owner)
        raise AssertionError(plan)

    def source(self, type_name: str, form: str, owner: str) -> Any:
        """Return an object of a type: a dict, a mapping or an object."""
        if form == "dict":
            named = {"__typename": type_name} if type_name in self.typenames else {}
            names = [name for of, name in self.fields if of == type_name]
            fields = {name: self._lazy(type_name, name, f"{owner}.{name}") for name in names}
            return {"tag": type_name, "owner": owner, **named, **fields}
        return (_Mapped if form == "mapping" else Thing)(self, type_name, owner)

    def value(self, type_name: str, name: str, owner: str) -> Any:
        """Return what an object has under a field's name."""
        behaviour = self.fields[type_name, name]
        if behaviour.called:
            return self._lazy(type_name, name, owner)
        return self.make(behaviour.plan, owner)

    def _lazy(self, type_name: str, name: str, owner: str) -> Any:
        behaviour = self.fields[type_name, name]
        if isinstance(behaviour.plan, Leaf) and not behaviour.called:
            return behaviour.plan.value

        def called(info: Any, **arguments: Any) -> Any:
            self.look(info, arguments, behaviour.looks)
            return self.make(behaviour.plan, path_of(info))

        return called

    def look(self, info: Any, arguments: Mapping[str, Any], closely: bool) -> None:
        """Note a call of a resolver, and all that it can learn of the execution."""
        where = info.path.as_list() if closely else None
        self.gates.note("calls", info.parent_type.name, info.field_name, where, repr(arguments))
        if closely:
            self.gates.note(
                str(info.return_type),
                [node.loc.start for node in info.field_nodes],
                (info.path.typename, info.operation.operation.value, sorted(info.fragments)),
                repr(info.variable_values),
                info.context is self,
                type(info.root_value).__name__,
                info.is_awaitable(1),
            )

    def _many(self, items: tuple[Plan, ...], form: str, owner: str) -> Any:
        if form == "generator":
            return (self.make(item, f"{owner}[{place}]") for place, item in enumerate(items))
        made = [self.make(item, f"{owner}[{place}]") for place, item in enumerate(items)]
        match form:
            case "tuple":
                return tuple(made)
            case "values":
                return dict(enumerate(made)).values()
            case "asynchronous":
                return _Asynchronous()
        return made

    def _later(self, plan: Later, owner: str) -> Any:
        async def later() -> Any:
            self.gates.note("begins", owner)
            if plan.gated:
                await self.gates.wait(owner)
            return self.make(plan.plan, owner)

        match plan.how:
            case "coroutine":
                return later()
            case "future":
                return asyncio.ensure_future(later())
        return _Awaitable(later)


class _Mapped(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, run: Run, tag: str, owner: str) -> None:
        self._run, self._tag, self._owner = run, tag, owner

    def __getitem__(self, key: str) -> Any:
        if key == "owner":
            return self._owner
        if key == "tag" or (key == "__typename" and self._tag in self._run.typenames):
            return self._tag
        if (self._tag, key) in self._run.fields:
            return self._run.value(self._tag, key, f"{self._owner}.{key}")
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1

    def __repr__(self) -> str:
        return f"mapping {self._tag}"


class Thing:
    """An object with attributes; the name of its type is where graphql-core looks for it."""

    def __init__(self, run: Run, tag: str, owner: str) -> None:
        self._run, self.tag, self.owner = run, tag, owner
        if tag in run.typenames:
            self.__typename = tag

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or (self.tag, name) not in self._run.fields:
            raise AttributeError(name)
        return self._run.value(self.tag, name, f"{self.owner}.{name}")

    def __repr__(self) -> str:
        return f"object {self.tag}"


class _Asynchronous:
    """Can be iterated over asynchronously, which is no list."""

    def __aiter__(self) -> Any:
        return self

    def __repr__(self) -> str:
        return "asynchronous"


class _Awaitable:
    def __init__(self, later: Callable[[], Any]) -> None:
        self._later = later

    def __await__(self) -> Any:
        return self._later().__await__()


def path_of(info: Any) -> str:
    """Return where a field is, as text."""
    return ".".join(map(str, info.path.as_list()))


def owner_of(source: Any) -> str:
    """Return where an object came from, as text."""
    return str(source.get("owner") if isinstance(source, Mapping) else getattr(source, "owner", None))


def tag_of(source: Any) -> str:
    """Return the name of the type that an object is of."""
    tag = source.get("tag") if isinstance(source, Mapping) else getattr(source, "tag", None)
    return str(tag)
