"""What a paper's texts look like: rendered when it is frozen, in every language, and told before."""

from __future__ import annotations

from typing import Any

from school import CREATE_QUESTIONS, CREATE_TEST, PUBLISH, UPDATE_TEST, School, set_exam

from store.port import Delete, Put
from tp.rendering.rendition import Rendition
from tp.tables import PAPERS, RENDITIONS, version_id

HALF = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"
PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id } userErrors { code path } } }"""
SHOWN = """query ($id: ID!, $language: String) { attempt(id: $id) { paper { instructionsHtml
  sections { questions { html(language: $language) options { html(language: $language) }
    rows { html(language: $language) } columns { html(language: $language) } } }
  passages { titleHtml(language: $language) html(language: $language) } } } }"""
PREVIEW = """query ($id: ID!) { question(id: $id) {
  html(language: "hi") options { html } passage { html titleHtml } } }"""
WARNINGS = "query ($id: ID!) { test(id: $id) { warnings { code path message } problems { code } } }"


def both(en: str, hi: str) -> list[dict[str, str]]:
    return [{"language": "en", "text": en}, {"language": "hi", "text": hi}]


def choice(stem: str = r"Half is $\frac{1}{2}$", **more: Any) -> dict[str, Any]:
    options = [{"ref": "a", "text": both("yes $x$", "हाँ $x$")}, {"ref": "b", "text": both("no", "नहीं")}]
    given = {"type": "SINGLE_CHOICE", "text": both(stem, r"आधा $\frac{1}{2}$ है"), "options": options}
    return {**given, "key": {"correct": ["a"]}, **more}


def matrix() -> dict[str, Any]:
    rows, columns = ([{"ref": "r", "text": both("*r*", "*र*")}], [{"ref": "x", "text": both("$y$", "$y$")}])
    columns.append({"ref": "z", "text": both("z", "ज़")})
    given = {"type": "MATRIX_MATCH", "text": both("Match", "मिलाइए"), "rows": rows, "columns": columns}
    return {**given, "key": {"rows": [{"ref": "r", "columns": ["x"]}]}}


async def test_a_student_is_shown_every_text_as_html_in_the_language_asked_for(
    school: School,
) -> None:
    teacher = await school.person("author", "TEACHER")
    passage = await teacher.do(PASSAGE, title=both("On *halves*", "आधा"), text=both("Once $h$", "एक बार $h$"))
    written = [choice(passageId=passage["passage"]["id"]), matrix()]
    exam = await set_exam(school, written, instructions="Read **well**: $\\pi \\approx 3$.")
    student = await exam.student("asha")
    attempt = await exam.start(student)

    paper = (await student.ask(SHOWN, id=attempt, language="hi"))["paper"]
    assert paper["instructionsHtml"].startswith("<p>Read <strong>well</strong>: <math>")
    [asked, matched] = paper["sections"][0]["questions"]
    assert asked["html"] == f"<p>आधा <math>{HALF}</math> है</p>"
    assert [option["html"] for option in asked["options"]] == [
        "<p>हाँ <math><mi>x</mi></math></p>",
        "<p>नहीं</p>",
    ]
    assert matched["rows"] == [{"html": "<p><em>र</em></p>"}]
    assert matched["columns"][0] == {"html": "<p><math><mi>y</mi></math></p>"}
    assert paper["passages"] == [{"titleHtml": "<p>आधा</p>", "html": "<p>एक बार <math><mi>h</mi></math></p>"}]

    english = (await student.ask(SHOWN, id=attempt))["paper"]
    assert english["sections"][0]["questions"][0]["html"] == f"<p>Half is <math>{HALF}</math></p>"
    assert english["passages"][0]["titleHtml"] == "<p>On <em>halves</em></p>"


async def test_a_paper_is_shown_as_it_was_rendered_when_it_was_frozen(school: School) -> None:
    exam = await set_exam(school, [choice()])
    store = school.services.store.namespace(school.tenant.namespace)
    stem = r"Half is $\frac{1}{2}$"
    assert (
        f"<math>{HALF}</math>"
        in RENDITIONS.record(await store.get(RENDITIONS.key(version_id(exam.test_id, 1)))).html[stem]
    )
    await store.commit([Put(RENDITIONS.entity(Rendition.of(exam.test_id, 1, {stem: "<p>as it was then</p>"})))])
    student = await exam.student("asha")

    paper = (await student.ask(SHOWN, id=await exam.start(student)))["paper"]

    assert paper["sections"][0]["questions"][0]["html"] == "<p>as it was then</p>"


async def test_a_paper_that_is_older_than_renditions_is_rendered_when_it_is_read(school: School) -> None:
    exam = await set_exam(school, [choice()])
    store = school.services.store.namespace(school.tenant.namespace)
    await store.commit([Delete(RENDITIONS.key(version_id(exam.test_id, 1)))])
    student = await exam.student("asha")
    attempt = await exam.start(student)

    for _ in range(2):
        paper = (await student.ask(SHOWN, id=attempt))["paper"]
        assert paper["sections"][0]["questions"][0]["html"] == f"<p>Half is <math>{HALF}</math></p>"


async def test_staff_preview_a_question_of_the_bank(school: School) -> None:
    teacher = await school.person("author", "TEACHER")
    [question] = (await teacher.do(CREATE_QUESTIONS, questions=[choice()]))["questions"]

    shown = await teacher.ask(PREVIEW, id=question["id"])

    assert shown["html"] == f"<p>आधा <math>{HALF}</math> है</p>"
    assert shown["options"][0]["html"] == "<p>yes <math><mi>x</mi></math></p>"
    assert shown["passage"] is None


async def test_what_cannot_be_shown_is_told_before_publishing_and_after(
    school: School,
) -> None:
    teacher = await school.person("author", "TEACHER")
    faulty = choice(r"Water, $\ce{H2O}$, and ![a flask](https://elsewhere.example/f.png)")
    [question] = (await teacher.do(CREATE_QUESTIONS, questions=[faulty]))["questions"]
    made = await teacher.do(CREATE_TEST, title="T", durationSeconds=60, marking={"preset": "PLAIN"})
    test_id = made["test"]["id"]
    assert await teacher.ask(WARNINGS, id=test_id) == {"warnings": [], "problems": [{"code": "NO_QUESTIONS"}]}
    sections = [{"title": "A", "questions": [{"questionId": question["id"]}]}]
    await teacher.do(UPDATE_TEST, testId=test_id, sections=sections, instructions=r"$\frac{1}{$")

    told = await teacher.ask(WARNINGS, id=test_id)

    assert told["problems"] == []
    place = ["sections", "0", "questions", "0", "text", "en"]
    assert [(warning["code"], warning["path"]) for warning in told["warnings"]] == [
        ("NOT_RENDERED", ["instructions"]),
        ("NOT_RENDERED", place),
        ("NOT_RENDERED", place),
    ]
    reason = r'the formula $\ce{H2O}$ is shown as it is written: Unknown command "\ce".'
    assert told["warnings"][1]["message"] == reason
    await teacher.do(PUBLISH, testId=test_id)
    assert await teacher.ask(WARNINGS, id=test_id) == told
    other = await school.person("other", "TEACHER")
    assert set(await other.error_codes(WARNINGS, id=test_id)) == {"FORBIDDEN"}


async def test_ninety_questions_in_two_languages_full_of_formulas_are_kept_in_one_entity(school: School) -> None:
    long = r"A body of mass $m_{%d} = 2.5\ \text{kg}$ has $\vec{F} = \frac{d\vec{p}}{dt}$; $\int_0^{%d} x^2\,dx$. "
    stems = ["".join(long % (number, part) for part in range(5)) for number in range(90)]
    exam = await set_exam(school, [choice(stem, title=f"{number}") for number, stem in enumerate(stems)])
    store = school.services.store.namespace(school.tenant.namespace)

    entity = await store.get(RENDITIONS.key(version_id(exam.test_id, 1)))

    html = RENDITIONS.record(entity).html
    assert all("<math>" in html[stem] for stem in stems)
    paper = await store.get(PAPERS.key(version_id(exam.test_id, 1)))
    assert len(entity["body"]) < len(paper["body"])
