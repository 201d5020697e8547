"""Completers written as Python: nested loops over plain values, with the rest left to `completing`.

A generated function completes the values of one position. Below it, objects and lists that cannot be null are
completed in line; what can be null has a function of its own, which raises what makes it null. So a function knows
one group of unfinished values, `g`, and one path, `path`, to which everything in it adds constant steps and the
lengths of the lists that it is just filling. Local names: `s` an object, `v` a value of it, `l` a list, `i` an
item, `d` what the answer holds of an object, `w` what waits in it, `t` the class of the last object there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from graphql import GraphQLError, GraphQLLeafType, GraphQLList, GraphQLObjectType, is_leaf_type

from graphql_compiler.collecting import SelectedField
from graphql_compiler.kinds import CALLABLE, MAPPINGS, PLAIN, PLAIN_OR_CALLABLE
from graphql_compiler.leaves import by_identity, names_of, serializer, unlike_its_form
from graphql_compiler.positions import Completer, Position
from graphql_compiler.reading import Reader
from graphql_compiler.resolving import Attribute, Call, Typename
from graphql_compiler.writing import Lines, Place, comment

if TYPE_CHECKING:
    from graphql_compiler.plan import Plan

MOST_BLOCKS = 14
"""Nested loops and `try`s at which no more is written in line: Python allows twenty, a level takes up to four."""
MOST_LINES = 1_000
"""Of a function, after which no more is written in line."""


class CompleterWriter:
    """Writes one function. Make a new one for each."""

    def __init__(self, plan: Plan, shape: int) -> None:
        """`shape`: what objects are expected to be, of the bits of MAPPINGS; others are completed elsewhere."""
        self._plan = plan
        self._shape = shape
        self._constants = plan.constants
        self._lines = Lines()
        self._lines.depth = 1
        self._reader = Reader(self._constants, self._lines, shape)
        self._waited: set[str] = set()

    def object_function(
        self, name: str, type_: GraphQLObjectType, fields: Sequence[SelectedField], others: Completer
    ) -> str:
        """Return the source of a completer of objects; those of another shape it gives to `others`."""
        if _reads_attributes(fields):
            with self._lines.block(f"if kinds[type(s)] & {MAPPINGS} != {self._shape}:"):
                self._lines.line(f"return {self._constants.name('others', others)}(run, s, path)")
        made = self._object(fields, "s", ())
        return self._function(name, "s", made, comment(f"{type_.name}"))

    def list_function(self, name: str, position: Position) -> str:
        """Return the source of a completer of lists."""
        with self._lines.block("if type(v) is not list and type(v) is not tuple:"):
            self._lines.line(f"v = items_of(run, {self._named(position)}, v)")
            with self._lines.block("if type(v) is Unfinished:"):
                self._lines.line("return v")
        made = self._list(position, "v", ())
        return self._function(name, "v", made, comment(f"{position.field.name}: {position.type}"))

    def _function(self, name: str, parameter: str, made: str, head: str) -> str:
        lines = [f"def {name}(run, {parameter}, path):  {head}", *(f"    {line}" for line in self._lines.before)]
        if self._waited:
            end = f"    return {made} if g is None else g.holding({made})"
            return "\n".join([*lines, "    g = None", *self._lines.written, end])
        return "\n".join([*lines, *self._lines.written, f"    return {made}"])

    def _named(self, position: Position) -> str:
        return self._constants.name("F", position)

    def _object(self, fields: Sequence[SelectedField], source: str, steps: tuple[str, ...]) -> str:
        """Write the completion of an object; return the variable of what the answer holds."""
        waiting, made = self._lines.variable("w"), self._lines.variable("d")
        entries = []
        for field in fields:
            value = self._field(field, source, steps, waiting)
            entries.append(f"{self._constants.text(field.response_name)}: {value}")
        self._lines.line(f"{made} = {{{', '.join(entries)}}}")
        if waiting in self._waited:
            self._lines.begin_with(f"{waiting} = None")
            with self._lines.block(f"if {waiting} is not None:"):
                self._lines.line(f"{waiting} = place({waiting}, {made})")
        return made

    def _field(self, field: SelectedField, source: str, steps: tuple[str, ...], waiting: str) -> str:
        """Write a field's resolution and completion; return the expression of what the answer holds."""
        if isinstance(field.resolving, Typename):
            return self._constants.text(field.parent.name)
        position = self._plan.adopted(Position.of_field(field))
        place = Place(
            (*steps, self._constants.name("AT", field.step)), self._constants.text(field.response_name), waiting
        )
        value = self._lines.variable("v")
        self._lines.line(comment(f"{field.response_name}: {field.name}: {field.definition.type}"))
        with self._lines.block("try:"):
            self._reader.read(field, source, value, place)
            if isinstance(field.resolving, Call) and field.resolving.awaits and self._plan.awaits:
                self._lines.line(f"{value} = run.awaiting({value})")
                self._note(position, value, place)
            else:
                self._complete(position, value, place)
        self._except(position, value, place)
        return value

    def _except(self, position: Position, value: str, place: Place) -> None:
        with self._lines.block("except Exception as error:"):
            if position.nullable:
                self._lines.line(f"{value} = nulled(run, {self._named(position)}, error, {place.path})")
            else:
                self._lines.line(f"raise located(error, {self._named(position)}, {place.path})")

    def _complete(self, position: Position, value: str, place: Place) -> None:
        if is_leaf_type(position.type):
            self._leaf(cast(GraphQLLeafType, position.type), position, value, place)
        elif not self._in_line(position, value, place):
            self._by_completer(position, value, place)

    def _otherwise(self, position: Position, value: str, place: Place) -> None:
        """Write the completion of whatever is not the expected plain value."""
        self._lines.line(f"{value} = complete(run, {self._named(position)}, {value}, {place.path})")
        self._unless_finished(position, value, place)

    def _unless_finished(self, position: Position, value: str, place: Place) -> None:
        with self._lines.block(f"if type({value}) is Unfinished:"):
            self._note(position, value, place)

    def _note(self, position: Position, value: str, place: Place) -> None:
        """Write that an unfinished value is a part of the function's group."""
        self._waited.add(place.waiting)
        rest = f"{self._named(position)}, {place.path}"
        if place.list:
            self._lines.line(f"g, {value} = wait_in_list(g, {place.list}, {value}, {rest})")
        else:
            waiting = place.waiting
            self._lines.line(f"g, {waiting}, {value} = wait(g, {waiting}, {value}, {place.key}, {rest})")

    def _leaf(self, type_: GraphQLLeafType, position: Position, value: str, place: Place) -> None:
        not_null = f" and {value} is not None" if position.nullable else ""
        unlike = unlike_its_form(type_, value)
        names = names_of(type_)
        if unlike is not None:
            with self._lines.block(f"if ({unlike}){not_null}:" if not_null else f"if {unlike}:"):
                self._otherwise(position, value, place)
        elif names is not None:
            name = self._lines.variable("n")
            if by_identity(names):
                members = {id(member): name for member, name in names.items()}
                self._lines.line(f"{name} = {self._constants.name('NAMES', members)}.get(id({value}))")
            else:
                with self._lines.block("try:"):
                    self._lines.line(f"{name} = {self._constants.name('NAMES', names)}[{value}]")
                with self._lines.block("except (KeyError, TypeError):"):
                    self._lines.line(f"{name} = None")
            with self._lines.block(f"if {name} is not None:"):
                self._lines.line(f"{value} = {name}")
            with self._lines.block(f"elif {value} is not None:" if position.nullable else "else:"):
                self._otherwise(position, value, place)
        else:
            form = self._lines.variable("n")
            with self._lines.block(f"if kinds[type({value})] < {_limit(position)}:"):
                serialize = serializer(type_, as_bytes=self._plan.as_bytes)
                self._lines.line(f"{form} = {self._constants.name('serialize', serialize)}({value})")
                with self._lines.block(f"if {form} is None or {form} is Undefined:"):
                    told = f"{self._constants.name('TYPE', type_)}, {value}, {form}"
                    self._lines.line(f"raise nothing_serialized({told})")
                self._lines.line(f"{value} = {form}")
            with self._lines.block(f"elif {value} is not None:" if position.nullable else "else:"):
                self._otherwise(position, value, place)

    def _by_completer(self, position: Position, value: str, place: Place) -> None:
        """Write a call of the position's own function."""
        with self._lines.block(f"if kinds[type({value})] < {_limit(position)}:"):
            self._lines.line(f"{value} = {self._named(position)}.complete(run, {value}, {place.path})")
        with self._lines.block(f"elif {value} is not None:" if position.nullable else "else:"):
            self._lines.line(f"{value} = complete(run, {self._named(position)}, {value}, {place.path})")
        self._unless_finished(position, value, place)

    def _in_line(self, position: Position, value: str, place: Place) -> bool:
        """Write the completion of a value that cannot be null here and now; tell whether that can be done."""
        if position.nullable or self._lines.blocks > MOST_BLOCKS or len(self._lines.written) > MOST_LINES:
            return False
        if isinstance(position.type, GraphQLList):
            with self._lines.block(f"if type({value}) is list or type({value}) is tuple:"):
                made = self._list(position, value, place.steps)
                self._lines.line(f"{value} = {made}")
        else:
            fields = self._fields_in_line(position)
            if fields is None:
                return False
            with self._lines.block(f"if {self._is_expected(fields, position, value)}:"):
                made = self._object(fields, value, place.steps)
                self._lines.line(f"{value} = {made}")
        with self._lines.block("else:"):
            if place.list:
                with self._lines.block("try:"):
                    self._otherwise(position, value, place)
                self._except(position, value, place)
            else:
                self._otherwise(position, value, place)
        return True

    def _fields_in_line(self, position: Position) -> list[SelectedField] | None:
        type_ = position.type
        if not isinstance(type_, GraphQLObjectType) or type_.is_type_of or self._plan.is_frozen(type_):
            return None
        try:
            return self._plan.fields(type_, position)
        except GraphQLError:  # of a directive: told where the value is completed
            return None

    def _is_expected(self, fields: Sequence[SelectedField], position: Position, value: str) -> str:
        """Return the condition under which an object is completed here: most are of the class of the last one."""
        seen = self._lines.variable("t")
        self._lines.begin_with(f"{seen} = None")
        kind = f"kinds[type({value})]"
        fits = f"{kind} < {_limit(position)}"
        if _reads_attributes(fields):
            ignored = 0 if position.calls else CALLABLE
            fits = f"{kind} & ~{ignored} == {self._shape}" if ignored else f"{kind} == {self._shape}"
        return f"type({value}) is {seen} or {fits} and ({seen} := type({value}))"

    def _list(self, position: Position, value: str, steps: tuple[str, ...]) -> str:
        """Write the completion of a list's items; return the variable of the completed list."""
        items = self._plan.adopted(Position.of_items(position))
        made, item = self._lines.variable("l"), self._lines.variable("i")
        place = Place((*steps, f"len({made})"), list=made)
        self._lines.line(f"{made} = []")
        with self._lines.block(f"for {item} in {value}:"):
            if is_leaf_type(items.type) or not self._in_line(items, item, place):
                with self._lines.block("try:"):
                    if is_leaf_type(items.type):
                        self._complete(items, item, place)
                    else:
                        self._by_completer(items, item, place)
                self._except(items, item, place)
            self._lines.line(f"{made}.append({item})")
        return made


def _reads_attributes(fields: Sequence[SelectedField]) -> bool:
    """Tell whether it matters to the fields if their object is a mapping."""
    return any(isinstance(field.resolving, Attribute) for field in fields)


def _limit(position: Position) -> int:
    """Return the kind below which a value is completed as it is."""
    return PLAIN if position.calls else PLAIN_OR_CALLABLE
