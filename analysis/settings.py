"""The settings of the analysis platform: its service and its tasks. Nothing else in it reads the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from asgi.logs import LogFormat
from store.opening import WHERE


class Settings(BaseSettings):
    """Each field is read from `ANALYSIS_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="ANALYSIS_", frozen=True, extra="ignore", populate_by_name=True)

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
    keys: SecretStr | None = Field(
        None,
        description="Key ring that signs service tokens and links, as TP_SIGNING_KEYS has it. "
        "Needed unless the store is SQLite, where one is made and kept in the data folder.",
    )
    taskqueue_url: str | None = Field(
        None, pattern=r"^https?://", description="Address of the task queue, which does the heavy work."
    )
    taskqueue_token: SecretStr | None = Field(None, description="Service token by which the task queue is asked.")
    tp_url: str | None = Field(
        None, pattern=r"^https?://", description="Address of the test platform: what is analysed comes from there."
    )
    tp_token: SecretStr | None = Field(None, description="Service token by which the test platform is asked.")
    public_url: str | None = Field(
        None, pattern=r"^https?://", description="Address at which browsers reach this service; unset: its own."
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8002, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Server processes of the REST service.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses whose `X-Forwarded-For` and `-Proto` are believed, comma-separated."
    )
    shutdown_grace: int = Field(20, ge=0, description="Seconds that running requests have at shutdown.")
    body_limit: int = Field(256 * 1024, ge=1024, description="Largest request body, in bytes.")
    request_timeout: float = Field(30.0, gt=0, description="Seconds after which a request is given up.")
    ready_timeout: float = Field(2.0, gt=0, description="Seconds that `/readyz` waits for the store.")

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
    def links_at(self) -> str:
        """The address that links to pages begin with."""
        return self.public_url or f"http://{self.host}:{self.port}"
