"""Real questions, rendered: the demo paper, and the GIFT files of another project."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from gift_reading import gift, options, stem

from tp.rendering.renderer import Renderer

RENDERER = Renderer()
FOLDER = Path(__file__).parents[3].parent / "shared" / "data" / "gift"
GIFT_FILES = sorted(FOLDER.glob("*.gift"))


@pytest.mark.parametrize("subject", ["physics", "chemistry", "mathematics"])
def test_every_formula_of_the_demo_paper_is_set(subject: str) -> None:
    source = files("api").joinpath("cli", "demo", "paper", f"{subject}.gift").read_text("utf-8")
    texts = [text for draft in gift(source).drafts for text in (stem(draft), *options(draft))]
    for text in texts:
        shown = RENDERER.render(text)
        assert shown.faults == (), text
        assert shown.html.count("<math") == text.count("$") / 2, text
        assert not {"$", "\\"} & set(shown.html), text


@pytest.mark.skipif(not GIFT_FILES, reason="the GIFT example files are not beside the repository")
@pytest.mark.parametrize("path", GIFT_FILES or [None], ids=[path.stem for path in GIFT_FILES] or ["none"])
def test_a_gift_file_of_others_is_rendered_whole(path: Path) -> None:
    for draft in gift(path.read_text(encoding="utf-8")).drafts:
        content = draft.content
        entries = (*content.options, *content.rows, *content.columns)
        for text in (content.text["en"], *(entry.text["en"] for entry in entries)):
            shown = RENDERER.render(text)
            assert shown.faults == (), text
            assert shown.html.startswith("<") or not text.strip(), text
