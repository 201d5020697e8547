"""Documents parsed, validated and measured once, then kept: the same text is never checked twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)

from api.graphql.codes import ErrorCode
from api.graphql.coercing import Coercers
from api.graphql.limits import Limits
from api.graphql.plan import Plan, check_limits
from api.graphql.problems import ERRORS_TOLD, NotExecutable, coded, problem
from api.graphql.rules import rules
from api.graphql.survey import Surveyor
from api.graphql.trusted import TrustedDocuments, UntrustedDocuments
from graphql_compiler import Frozen, HandedOver, compile_operation

_TOO_MUCH = "Parsing aborted."
"""How the parser ends what it says of a document over a limit."""


@dataclass(slots=True)
class _Checked:
    """A valid document, and the plans of those of its operations that were asked for."""

    document: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    plans: dict[str | None, Plan] = field(default_factory=dict)


KEPT_CHARACTERS = 150_000
"""Of documents in all: with what is compiled of it, one takes up to 600 bytes of memory for each character."""


class Documents:
    """Makes plans of one schema; keeps the `size` documents used last, or fewer when they are long.

    Of values of the types in `frozen`, the bytes are kept that one answer was made of.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits, size: int, frozen: Frozen | None = None) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = rules(limits)
        self._coercers = Coercers(schema, limits.input_list)
        self._size = size
        self._frozen = frozen
        self._kept: OrderedDict[str, _Checked] = OrderedDict()
        self._trusted: dict[str, _Checked] = {}
        self._characters = 0
        self.hits = 0
        self.misses = 0
        self.handed_over = HandedOver()

    def __len__(self) -> int:
        return len(self._kept) + len(self._trusted)

    def trust(self, trusted: TrustedDocuments) -> None:
        """Check documents beforehand, and keep them for good. Raises UntrustedDocuments for an invalid one."""
        for hash, text in trusted.texts.items():
            try:
                checked = self._trusted[text] = self._check(text, reveal=True)
                for name in checked.operations:
                    checked.plans[name] = self._measure(checked, name)
            except NotExecutable as refused:
                raise UntrustedDocuments(f"{trusted.name_of(hash)}: {refused}") from None

    def plan(self, text: str, operation_name: str | None, *, reveal: bool) -> Plan:
        """Return the plan of an operation. `reveal`: messages may suggest names of the schema.

        Raises NotExecutable.
        """
        checked = self._trusted.get(text) or self._recall(text)
        if checked is None:
            self.misses += 1
            checked = self._check(text, reveal)
            self._keep(text, checked)
        else:
            self.hits += 1
        plan = checked.plans.get(operation_name)
        if plan is None:
            plan = checked.plans[operation_name] = self._measure(checked, operation_name)
        return plan

    def _recall(self, text: str) -> _Checked | None:
        checked = self._kept.get(text)
        if checked is not None:
            self._kept.move_to_end(text)
        return checked

    def _keep(self, text: str, checked: _Checked) -> None:
        self._kept[text] = checked
        self._characters += len(text)
        while len(self._kept) > self._size or self._characters > KEPT_CHARACTERS:
            gone, _ = self._kept.popitem(last=False)
            self._characters -= len(gone)

    def _check(self, text: str, reveal: bool) -> _Checked:
        document = _parsed(text, self._limits)
        errors = validate(self._schema, document, self._rules, max_errors=ERRORS_TOLD, hide_suggestions=not reveal)
        if errors:
            raise NotExecutable([_validation_error(error) for error in errors])
        definitions = document.definitions
        return _Checked(
            document,
            {
                node.name.value if node.name else None: node
                for node in definitions
                if isinstance(node, OperationDefinitionNode)
            },
            {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)},
        )

    def _measure(self, checked: _Checked, operation_name: str | None) -> Plan:
        operation = _selected(checked.operations, operation_name)
        if self._schema.get_root_type(operation.operation) is None:
            message = f"This API has no {operation.operation.value}s."
            raise NotExecutable([problem(ErrorCode.GRAPHQL_VALIDATION_FAILED, message, operation)])
        try:
            survey = Surveyor(self._schema, checked.fragments, self._limits.page).operation(operation)
            roots = len(_root_fields(operation.selection_set, checked.fragments))
            check_limits(operation, survey, roots, self._limits)
        except RecursionError:
            message = "The operation is nested too deeply."
            raise NotExecutable([problem(ErrorCode.LIMIT_EXCEEDED, message)]) from None
        compiled = compile_operation(
            self._schema, checked.document, operation_name, frozen=self._frozen, count=self.handed_over
        )
        return Plan(
            self._schema,
            checked.document,
            operation,
            checked.fragments,
            survey,
            compiled,
            self._coercers.of(operation),
        )


def _parsed(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(
            text,
            max_lexical_tokens=limits.tokens,
            max_comments=limits.tokens,
            max_source_length=limits.document_length,
        )
    except GraphQLError as error:
        told = error.message.removeprefix("Syntax Error: ")
        code = ErrorCode.LIMIT_EXCEEDED if told.endswith(_TOO_MUCH) else ErrorCode.GRAPHQL_PARSE_FAILED
        raise NotExecutable([coded(error, code)]) from None


def _validation_error(error: GraphQLError) -> GraphQLError:
    if "code" in (error.extensions or {}):
        return error
    return coded(error, ErrorCode.GRAPHQL_VALIDATION_FAILED)


def _selected(
    operations: Mapping[str | None, OperationDefinitionNode], name: str | None
) -> OperationDefinitionNode:
    if name is None and len(operations) == 1:
        return next(iter(operations.values()))
    operation = operations.get(name) if name is not None else None
    if operation is None:
        if not operations:
            message = "The document has no operation."
        elif name is None:
            message = "The document has several operations; say which by `operationName`."
        else:
            message = "The document has no operation of the name in `operationName`."
        raise NotExecutable([problem(ErrorCode.GRAPHQL_VALIDATION_FAILED, message)])
    return operation


def _root_fields(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> set[str]:
    """Return the response names at the root, `__typename` left out; each fragment is entered once."""
    names: set[str] = set()
    entered: set[str] = set()
    waiting = [selections]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value != "__typename":
                    names.add(node.alias.value if node.alias else node.name.value)
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value not in entered:
                    entered.add(node.name.value)
                    waiting.append(fragments[node.name.value].selection_set)
            else:
                waiting.append(node.selection_set)  # type: ignore[attr-defined]
    return names
