"""The settings of the task queue: its REST service and its workers. Nothing else in it reads the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from asgi.logs import LogFormat
from asgi.settings import CommaSeparated
from store.opening import WHERE


class Settings(BaseSettings):
    """Each field is read from `TASKQUEUE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="TASKQUEUE_", frozen=True, extra="ignore", populate_by_name=True)

    data_dir: Path = Field(Path(".data"), description="Folder of embedded data: SQLite files, generated keys.")
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
    broker: str | None = Field(
        None,
        pattern=r"^(rediss?|sentinel|redis\+socket|filesystem)://",
        description="Address of Redis, such as `redis://host:6379/0`; unset: a folder of the data directory.",
    )
    keys: SecretStr | None = Field(
        None,
        description="Key ring that signs service tokens and callbacks, as TP_SIGNING_KEYS has it. "
        "Needed unless the store is SQLite, where one is made and kept in the data folder.",
    )
    plugins: CommaSeparated = Field(
        (),
        description="Plugins whose handlers are loaded, comma-separated, the same for the service and all its "
        "workers; unset: all that are installed.",
    )
    callback_hosts: CommaSeparated = Field(
        ("127.0.0.1", "localhost"),
        description="Where callbacks may go: `host`, `host:port`, `*.domain` or `https://host/prefix`, "
        "comma-separated.",
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8001, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes of the REST service.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses whose `X-Forwarded-For` and `-Proto` are believed, comma-separated."
    )
    shutdown_grace: int = Field(20, ge=0, description="Seconds that running requests have at shutdown.")
    body_limit: int = Field(1024 * 1024, ge=1024, description="Largest request body, in bytes.")
    request_timeout: float = Field(15.0, gt=0, description="Seconds after which a request is given up.")
    ready_timeout: float = Field(2.0, gt=0, description="Seconds that `/readyz` waits for the store.")

    sweep_seconds: float = Field(5.0, gt=0, description="Seconds between two sweeps.")
    lease_seconds: float = Field(20.0, ge=1, description="Seconds without a word after which an attempt is lost.")
    beat_seconds: float = Field(15.0, gt=0, description="Seconds between two heartbeats of a worker's node.")
    stop_grace_seconds: float = Field(
        5.0,
        gt=0,
        description="Seconds that a handler that was told to end has, before its process is ended.",
    )
    drain_seconds: float = Field(
        20.0, gt=0, description="Seconds that handlers have to hand their work back when a worker stops."
    )
    keep_finished: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days after which tasks that are over are deleted, and their idempotency keys are free again.",
    )
    memory_limit_mib: int | None = Field(
        1024, ge=64, description="Memory of a worker's process, in MiB; over it the attempt fails."
    )

    log_format: LogFormat | None = Field(
        None, description="`console` or `json`; unset: `console` with SQLite, else `json`."
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="`debug`, `info`, `warning` or `error`."
    )

    @property
    def embedded(self) -> bool:
        return self.store == "sqlite"

    @property
    def log_format_used(self) -> LogFormat:
        return self.log_format or (LogFormat.CONSOLE if self.embedded else LogFormat.JSON)

    @property
    def keep(self) -> timedelta:
        return timedelta(days=self.keep_finished)

    @property
    def sweep_every(self) -> timedelta:
        return timedelta(seconds=self.sweep_seconds)
