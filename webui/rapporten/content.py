"""Makes the text of a report out of its facts: always in Dutch, for whoever receives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from engine.definitions.forms.form import LETTER
from engine.definitions.forms.model import Field
from engine.families.reports import ReportFacts
from integrations.pdf.report import MISSING, Line, Part, ReportContent
from webui.gezinnen.answers import Answer, AnswerReader
from webui.presentation import show_day, show_moment, show_word
from webui.taken.family import interpreter_need

LANGUAGE = "nl"


def report_content(session: Session, facts: ReportFacts, now: datetime) -> ReportContent:
    """The report as text, ready to be set."""
    with force_locale(LANGUAGE):
        draft = facts.at is None
        return ReportContent(
            language=LANGUAGE,
            title=facts.form.name,
            author=facts.organisation or "Ketenspoor",
            notice=gettext("Concept: dit is nog niet afgerond.") if draft else "",
            foot=gettext("Vertrouwelijk · %(moment)s", moment=show_moment(facts.at or now)),
            page_words=(gettext("Pagina"), gettext("van")),
            made_at=now,
            missing=gettext(
                "Waar %(sign)s staat, stond een teken dat hier niet past.", sign=MISSING
            ),
            parts=[*(_letter(facts, now) if facts.form.is_letter else _parts(session, facts))],
        )


def _parts(session: Session, facts: ReportFacts) -> Iterator[Part]:
    asked = [
        replace(one, label=one.report_title)
        for one in facts.form.fields
        if one.report_title and not _is_people(one)
    ]
    reader = AnswerReader(session, facts.family_id)
    stories = [one for one in asked if one.type == "textarea"]
    short = [one for one in asked if one.type != "textarea"]
    lines = [Line(one.question, one.answer) for one in _plain(reader, short, facts)]
    yield Part(gettext("Gegevens"), lines=[*lines, *_reporter(facts)])
    yield Part(
        gettext("Over wie"),
        lines=list(_family(facts)),
        head=[gettext("Naam"), gettext("Wie"), gettext("Geboren")],
        rows=[
            (
                one.name,
                show_word(one.role, "member_role"),
                show_day(one.birth_date) if one.birth_date else gettext("niet bekend"),
            )
            for one in facts.people
        ],
    )
    for story in stories:
        for answer in _plain(reader, [story], facts):
            yield Part(answer.question, paragraphs=answer.answer.split("\n"))


def _letter(facts: ReportFacts, now: datetime) -> Iterator[Part]:
    """The day, the text and who signs it: the same for the family and for who referred it."""
    text = [
        str(facts.answers.get(one.key) or "")
        for one in facts.form.fields
        if one.report_title.lower() == LETTER
    ]
    signed = [gettext("Met vriendelijke groet,"), facts.reporter, facts.organisation]
    yield Part(
        gettext("Aan %(family)s en aan de aanmelder", family=facts.family_name),
        paragraphs=[
            show_day(facts.at or now),
            *(line for one in text for line in one.split("\n") if line.strip()),
            "",
            *filter(None, signed),
        ],
    )


def _is_people(field: Field) -> bool:
    return field.options_key == "gezinsleden"


def _plain(reader: AnswerReader, fields: list[Field], facts: ReportFacts) -> Iterator[Answer]:
    return (one for one in reader.of_fields(fields, facts.answers) if one.answer)


def _reporter(facts: ReportFacts) -> Iterator[Line]:
    if facts.reporter:
        yield Line(gettext("Gemeld door"), facts.reporter)
    if facts.organisation:
        yield Line(gettext("Organisatie"), facts.organisation)
    if facts.reporter_email:
        yield Line(gettext("Bereikbaar op"), facts.reporter_email)


def _family(facts: ReportFacts) -> Iterator[Line]:
    yield Line(gettext("Gezin"), facts.family_name)
    if facts.secret_address:
        yield Line(gettext("Adres"), gettext("geheim; alleen mondeling door te geven"))
    elif facts.address:
        yield Line(gettext("Adres"), ", ".join(facts.address.splitlines()))
    if facts.phone:
        yield Line(gettext("Telefoon"), facts.phone)
    if facts.language:
        yield Line(gettext("Taal"), facts.language)
    need = interpreter_need(facts.interpreter_need)
    if need:
        yield Line(gettext("Tolk"), need)
