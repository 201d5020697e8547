"""The settings of the server. Nothing else in the platform reads the environment."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.graphql.limits import Limits
from asgi.logs import LogFormat
from asgi.settings import CommaSeparated
from store.opening import WHERE
from tp.services.catalogue import RESCORE_AT_ONCE


class Mode(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Introspection(StrEnum):
    """Who may read the schema through the API, and is helped with "did you mean" on a mistake."""

    EVERYONE = "everyone"
    STAFF = "staff"
    NOBODY = "nobody"


_DEFAULTS = Limits()


class Settings(BaseSettings):
    """Each field is read from `TP_<NAME>`; `tp settings` prints them with what is in force."""

    model_config = SettingsConfigDict(env_prefix="TP_", frozen=True, extra="ignore", populate_by_name=True)

    mode: Mode = Field(
        Mode.DEVELOPMENT,
        description="`development` shows GraphiQL and the schema to all; `production` needs `TP_SIGNING_KEYS`.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses whose `X-Forwarded-For` and `-Proto` are believed, comma-separated."
    )
    shutdown_grace: int = Field(20, ge=0, description="Seconds that running requests have at shutdown.")

    data_dir: Path = Field(Path(".data"), description="Folder of embedded data: SQLite files, development keys.")
    store: str = Field(
        "sqlite",
        pattern=WHERE,
        description="`sqlite`, or `datastore:PROJECT` or `datastore:PROJECT/DATABASE`.",
    )
    datastore_emulator_host: str | None = Field(
        None,
        validation_alias=AliasChoices("datastore_emulator_host", "DATASTORE_EMULATOR_HOST"),
        description="`host:port` of a Datastore emulator to use instead of the cloud.",
    )
    ready_timeout: float = Field(2.0, gt=0, description="Seconds that `/readyz` waits for the store.")

    signing_keys: SecretStr | None = Field(
        None,
        description='Keys that sign tokens: `{"keys": [{"kid": "2025-06", "secret": "<base64, 32 bytes>"}]}`. '
        "Needed in production; in development one is made and kept in the data folder.",
    )
    service_keys: SecretStr | None = Field(
        None,
        description="Keys that sign the tokens of other services, as TP_SIGNING_KEYS has it. In development they "
        "are those of the data folder; in production the interface for services is served only with them.",
    )
    body_limit: int = Field(2 * 1024 * 1024, ge=1024, description="Largest request body, in bytes.")
    request_timeout: float = Field(15.0, gt=0, description="Seconds after which a request is given up.")
    max_under_way: int = Field(
        6000,
        ge=2,
        description="Operations under way in a process: beyond half of them only saves and submits are taken, "
        "beyond all none.",
    )
    longest_wait: float = Field(
        2.0,
        gt=0,
        description="Seconds that operations may wait before others than saves and submits are turned away; "
        "beyond three times as long these are, too.",
    )
    sweep_interval: float = Field(
        15.0, gt=0, description="Seconds between two looks for expired attempts and unsent work."
    )
    redis_url: SecretStr | None = Field(
        None,
        description="A Redis by which server processes tell each other of sittings at once; unset: by the store.",
    )
    taskqueue_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the task queue; unset: the server closes, grades and exports by itself.",
    )
    taskqueue_token: SecretStr | None = Field(None, description="Service token by which the task queue is asked.")
    analysis_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the analysis platform; unset: reports are not offered.",
    )
    analysis_token: SecretStr | None = Field(
        None, description="Service token by which the analysis platform is asked."
    )
    rescore_at_once: int = Field(
        RESCORE_AT_ONCE,
        ge=0,
        description="Results that a correction scores again within the request; more are left to the task queue.",
    )
    cors_origins: CommaSeparated = Field(
        (),
        description="Origins of browsers' frontends, comma-separated; `*` for any (tokens, not cookies, admit).",
    )

    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token by which Prometheus reads `/metrics`; unset: open in development, in production "
        "not there.",
    )
    log_format: LogFormat | None = Field(
        None, description="`console` or `json`; unset: `console` in development, `json` in production."
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="`debug`, `info`, `warning` or `error`."
    )
    graphiql: bool | None = Field(None, description="Serve GraphiQL to browsers; unset: in development only.")
    introspection: Introspection | None = Field(
        None,
        description="Who may read the schema and sees suggestions: `everyone`, `staff` or `nobody`; "
        "unset: `everyone` in development, `staff` in production.",
    )

    max_document_length: int = Field(
        _DEFAULTS.document_length, ge=100, description="Characters of a GraphQL document."
    )
    max_tokens: int = Field(_DEFAULTS.tokens, ge=10, description="Tokens of a GraphQL document.")
    max_depth: int = Field(_DEFAULTS.depth, ge=1, description="Fields that may enclose a field.")
    max_aliases: int = Field(_DEFAULTS.aliases, ge=1, description="Aliases of one field in an operation.")
    max_directives: int = Field(_DEFAULTS.directives, ge=0, description="Directives in a document.")
    max_mutations: int = Field(_DEFAULTS.mutations, ge=1, description="Mutation fields in an operation.")
    max_page: int = Field(_DEFAULTS.page, ge=1, description="Items of one page: `first` and `last`.")
    max_input_list: int = Field(_DEFAULTS.input_list, ge=1, description="Items of a list in the input.")
    max_input_depth: int = Field(_DEFAULTS.input_depth, ge=4, description="Nesting of a request's JSON.")
    max_cost: int = Field(
        _DEFAULTS.cost, ge=1, description="Cost of an operation: its fields, each times the pages around it."
    )
    trusted_documents: Path | None = Field(
        None,
        description="JSON file of GraphQL documents by their SHA-256 (`tp documents` makes it), or a folder of "
        "`*.graphql`: none but these and the web frontends' own are executed; unset: any.",
    )
    max_streams: int = Field(
        10, ge=1, description="Subscriptions' connections that one user may have open in one server process."
    )
    document_cache: int = Field(1000, ge=1, description="Checked GraphQL documents kept in memory.")
    frozen_cache: int = Field(
        32 * 2**20, ge=0, description="Bytes of memory for answers' parts that never change, such as papers."
    )

    @property
    def development(self) -> bool:
        return self.mode is Mode.DEVELOPMENT

    @property
    def graphiql_on(self) -> bool:
        return self.development if self.graphiql is None else self.graphiql

    @property
    def introspection_for(self) -> Introspection:
        return self.introspection or (Introspection.EVERYONE if self.development else Introspection.STAFF)

    @property
    def log_format_used(self) -> LogFormat:
        return self.log_format or (LogFormat.CONSOLE if self.development else LogFormat.JSON)

    @property
    def sweep_every(self) -> timedelta:
        return timedelta(seconds=self.sweep_interval)

    @property
    def limits(self) -> Limits:
        return Limits(
            document_length=self.max_document_length,
            tokens=self.max_tokens,
            depth=self.max_depth,
            aliases=self.max_aliases,
            directives=self.max_directives,
            mutations=self.max_mutations,
            page=self.max_page,
            input_list=self.max_input_list,
            input_depth=self.max_input_depth,
            cost=self.max_cost,
        )
