"""Who is measured, as the tables name them."""

from __future__ import annotations

from enum import StrEnum


class Name(StrEnum):
    COMPILED = "compiled"
    FROZEN = "compiled, paper kept"
    HAND_WRITTEN = "written by hand"
    GRAPHENE = "graphene"
    STRAWBERRY = "strawberry"
    ARIADNE = "ariadne"
    GRAPHQL_JS = "graphql-js"
    GRAPHQL_JS_EXECUTE = "graphql-js, parsed before"
    GRAPHQL_JIT = "graphql-jit, compiled before"
    ENDPOINT_COMPILED = "Starlette, compiled"
    ENDPOINT_HAND_WRITTEN = "Starlette, written by hand"
    PARSE = "parse"
    VALIDATE = "validate"
    EXECUTE = "execute"
    JSON = "JSON"
    ORJSON = "JSON, by orjson"


IN_PYTHON = (Name.COMPILED, Name.FROZEN, Name.HAND_WRITTEN, Name.GRAPHENE, Name.STRAWBERRY, Name.ARIADNE)
IN_JAVASCRIPT = (Name.GRAPHQL_JS, Name.GRAPHQL_JS_EXECUTE, Name.GRAPHQL_JIT)
ENDPOINTS = (Name.ENDPOINT_COMPILED, Name.ENDPOINT_HAND_WRITTEN)
STEPS = (Name.PARSE, Name.VALIDATE, Name.EXECUTE, Name.JSON, Name.ORJSON)
