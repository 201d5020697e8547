"""How a field's value is read or called for, written as Python, before it is completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql_compiler.collecting import SelectedField
from graphql_compiler.info_use import InfoUse
from graphql_compiler.kinds import DICT, MAPPING, PLAIN_DICT
from graphql_compiler.resolving import Attribute, AttributePath, Call
from graphql_compiler.writing import Constants, Lines, Place, is_attribute


class Reader:
    """Writes into the lines of one function, for objects of one shape."""

    def __init__(self, constants: Constants, lines: Lines, shape: int) -> None:
        self._constants = constants
        self._lines = lines
        self._shape = shape

    def read(self, field: SelectedField, source: str, value: str, place: Place) -> None:
        """Write what gives a variable the value of a field."""
        match field.resolving:
            case Attribute() as attribute:
                if field.arguments.constant is None:  # they are evaluated for their errors
                    self._lines.line(f"run.arguments_of({self._constants.name('FIELD', field)})")
                self._attribute(attribute, source, value)
            case AttributePath(names):
                self._lines.line(f"{value} = {self._attributes(source, names)}")
            case Call() as call:
                self._lines.line(f"{value} = {self._call(call, field, source, place)}")

    def _attribute(self, way: Attribute, source: str, value: str) -> None:
        name = self._constants.text(way.name)
        default = "None" if way.default is None else self._constants.name("DEFAULT", way.default)
        if self._shape & PLAIN_DICT:
            read, missing = f"{source}[{name}]", "KeyError"
        elif self._shape & (DICT if way.of_dict else MAPPING):
            self._lines.line(f"{value} = {source}.get({name}, {default})")
            return
        else:
            read, missing = self._attributes(source, (way.name,)), "AttributeError"
        with self._lines.block("try:"):
            self._lines.line(f"{value} = {read}")
        with self._lines.block(f"except {missing}:"):
            self._lines.line(f"{value} = {default}")

    def _attributes(self, source: str, names: Sequence[str]) -> str:
        expression = source
        for name in names:
            text = self._constants.text(name)
            expression = f"{expression}.{name}" if is_attribute(name) else f"getattr({expression}, {text})"
        return expression

    def _call(self, call: Call, field: SelectedField, source: str, place: Place) -> str:
        parameters = [source]
        named = self._constants.name("FIELD", field)
        match call.takes:
            case InfoUse.NOTHING:
                parameters.append("None")
            case InfoUse.CONTEXT:
                parameters.append(self._local("of_context", "run.of_context"))
            case InfoUse.IS_CONTEXT:
                parameters.append(self._local("context", "run.context"))
            case InfoUse.ALL_BUT_PATH:
                parameters.append(f"run.info_without_path({named})")
            case InfoUse.ALL:
                parameters.append(f"run.info({named}, {place.path})")
        parameters += self._arguments(field, named, used=call.with_arguments)
        return f"{self._constants.name('resolve', call.function)}({', '.join(parameters)})"

    def _arguments(self, field: SelectedField, named: str, *, used: bool) -> list[str]:
        values = field.arguments.constant
        if values is None:
            arguments = f"run.arguments_of({named})"
            if field.arguments.kept:
                variable = self._lines.variable("a")
                self._lines.line(f"{variable} = {self._local('arguments', 'run.arguments')}.get({field.number})")
                with self._lines.block(f"if {variable} is None:"):
                    self._lines.line(f"{variable} = {arguments}")
                arguments = variable
            elif not used:
                self._lines.line(arguments)
            return [f"**{arguments}"] if used else []
        if not used:
            return []
        if all(is_attribute(name) for name in values):
            return [f"{name}={self._constant(value)}" for name, value in values.items()]
        return [f"**{self._constants.name('A', values)}"]

    def _constant(self, value: Any) -> str:
        return repr(value) if type(value) in (bool, type(None)) else self._constants.name("A", value)

    def _local(self, variable: str, expression: str) -> str:
        self._lines.begin_with(f"{variable} = {expression}")
        return variable
