"""The variables that decide which fields are selected, and the settings of them that a plan is made for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode, VariableNode

_SWITCHING = frozenset({"skip", "include"})

Setting = tuple[bool | None, ...]


def switches_of(
    operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]
) -> tuple[str, ...]:
    """Return the names of the variables in the operation's `@skip` and `@include`, those of all fragments too."""
    names: dict[str, None] = {}
    waiting: list[Any] = [operation.selection_set, *(fragment.selection_set for fragment in fragments)]
    while waiting:
        for selection in waiting.pop().selections:
            for directive in selection.directives or ():
                if directive.name.value in _SWITCHING:
                    for argument in directive.arguments or ():
                        if isinstance(argument.value, VariableNode):
                            names[argument.value.name.value] = None
            inner = getattr(selection, "selection_set", None)
            if inner is not None:
                waiting.append(inner)
    return tuple(names)


def setting_of(switches: tuple[str, ...], variables: Mapping[str, Any]) -> tuple[Setting, dict[str, Any]]:
    """Return the key of the plan for these values, and the values as far as directives look at them.

    In a key, `None` stands for null; a variable without a value shortens none: it is left out of the values.
    """
    values: dict[str, Any] = {}
    setting: list[Any] = []
    for name in switches:
        if name not in variables:
            setting.append("missing")
            continue
        value = variables[name]
        known = None if value is None else bool(value)
        values[name] = known
        setting.append(known)
    return tuple(setting), values
