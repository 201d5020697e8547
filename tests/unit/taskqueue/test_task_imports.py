from __future__ import annotations

import tomllib
from pathlib import Path
from pkgutil import iter_modules

import taskqueue


def test_of_the_task_queue_only_the_contract_may_be_imported_by_the_platform():
    root = Path(taskqueue.__path__[0]).parent
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each["name"].startswith("Of the task queue")]
    inside = {f"taskqueue.{module.name}" for module in iter_modules(taskqueue.__path__)}
    assert inside - set(contract["forbidden_modules"]) == {"taskqueue.contract"}
