"""The passwords of the demo institution: made once for a data folder and kept in it, in no repository."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from api.cli.failure import Failure

FILE = "demo.json"


class Logins(BaseModel):
    """The institution's slug, and the passwords of its administrator, its teacher, and all its students."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str
    admin: str
    teacher: str
    students: str


def kept_logins(data_dir: Path) -> Logins:
    """Return the logins of the data folder. Raises Failure when there are none."""
    file = data_dir / FILE
    try:
        return Logins.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise Failure(f"there is no {file}: `tp up` makes the demo institution and writes it") from None
    except ValidationError:
        raise Failure(f"{file} is not what `tp up` writes; remove it, and `tp up` makes it anew") from None


def make_logins(data_dir: Path, tenant: str) -> Logins:
    """Make logins and keep them, readable by their owner only."""
    logins = Logins(
        tenant=tenant, admin=secrets.token_hex(6), teacher=secrets.token_hex(6), students=secrets.token_hex(4)
    )
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / FILE
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(logins.model_dump_json() + "\n")
    return logins
