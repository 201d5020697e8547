"""An operation that has passed every check which depends on neither the user nor the variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from api.graphql.codes import ErrorCode
from api.graphql.coercing import Coerce
from api.graphql.limits import Limits
from api.graphql.problems import NotExecutable, problem
from api.graphql.survey import Survey
from graphql_compiler import CompiledOperation
from tenants.roles import Permission

Verdicts = dict[frozenset[Permission] | None, tuple[GraphQLError, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is executed. `verdicts` are the access rule's findings by permission set, filled as users come.

    `coercers`: of the variables' values, by name.
    """

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    survey: Survey
    compiled: CompiledOperation
    coercers: Mapping[str, Coerce]
    verdicts: Verdicts = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        return self.operation.name.value if self.operation.name else None

    @property
    def is_subscription(self) -> bool:
        return self.operation.operation is OperationType.SUBSCRIPTION

    @property
    def is_mutation(self) -> bool:
        return self.operation.operation is OperationType.MUTATION

    def selects(self, mutations: frozenset[str]) -> bool:
        """Tell whether it is one of these mutations."""
        return any(("Mutation", name) in self.survey.uses for name in mutations)


def check_limits(operation: OperationDefinitionNode, survey: Survey, mutations: int, limits: Limits) -> None:
    """Raise NotExecutable for an operation that is too large whatever its variables are."""
    found = []
    if survey.depth > limits.depth:
        found.append(f"A field is enclosed by {survey.depth} others; at most {limits.depth} may.")
    for name, count in survey.aliased.items():
        if count > limits.aliases:
            found.append(f"The field `{name}` has more than {limits.aliases} aliases.")
    if operation.operation is OperationType.MUTATION and mutations > limits.mutations:
        found.append(f"A mutation may have {limits.mutations} field; send one request for each.")
    if found:
        raise NotExecutable([problem(ErrorCode.LIMIT_EXCEEDED, message, operation) for message in found])
    if all(isinstance(size, int) for size in survey.sizes):
        check_sizes(survey, {}, limits)


def check_sizes(survey: Survey, variables: Mapping[str, Any], limits: Limits) -> None:
    """Raise NotExecutable when a page, or the cost with pages of these sizes, is over its limit."""
    for size, node in survey.sizes.items():
        number = variables.get(size) if isinstance(size, str) else size
        if isinstance(number, int) and number < 1:
            raise NotExecutable([problem(ErrorCode.BAD_USER_INPUT, "A page has at least one item.", node)])
        if isinstance(number, int) and number > limits.page:
            message = f"A page has at most {limits.page} items; {number} are asked for."
            raise NotExecutable([problem(ErrorCode.LIMIT_EXCEEDED, message, node)])
    cost = survey.cost.of(variables, limits.page)
    if cost > limits.cost:
        told = str(cost) if cost < 10**12 else "far more"
        message = f"The operation costs {told}; at most {limits.cost} is allowed. Ask for smaller pages."
        raise NotExecutable([problem(ErrorCode.LIMIT_EXCEEDED, message, cost=told, limit=limits.cost)])
