"""How instants, durations and file words read on the screens, in the user's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask_babel import format_date, format_decimal, format_time, gettext, lazy_gettext, ngettext

from engine.clock import BUSINESS_ZONE
from webui.guidance import render_guidance
from webui.services import services

_DAYS_NAMED_BY_WEEKDAY = 6


def local(instant: datetime) -> datetime:
    """The instant in the business time zone."""
    return instant.astimezone(BUSINESS_ZONE)


def day_of(instant: datetime | date) -> date:
    """The business day that an instant falls on."""
    return local(instant).date() if isinstance(instant, datetime) else instant


def show_day(value: datetime | date | None) -> str:
    """``21 november 2026``; empty for none."""
    return "" if value is None else format_date(day_of(value), "d MMMM y")


def show_short_day(value: datetime | date | None) -> str:
    """``za 21 nov``, with its year if that is not this year; empty for none."""
    if value is None:
        return ""
    day, today = day_of(value), day_of(services().clock.now())
    return format_date(day, "EEE d MMM" if day.year == today.year else "EEE d MMM y")


def show_moment(value: datetime | None) -> str:
    """``za 21 nov 2026, 14:05``; empty for none."""
    if value is None:
        return ""
    return f"{format_date(local(value).date(), 'EEE d MMM y')}, {format_time(value, 'HH:mm')}"


def show_time(value: datetime | None) -> str:
    """``14:05``; empty for none."""
    return "" if value is None else format_time(value, "HH:mm")


def days_between(earlier: datetime | date, later: datetime | date) -> int:
    """Whole business days of the calendar from one instant to another; negative when reversed."""
    return (day_of(later) - day_of(earlier)).days


def show_distance(value: datetime | date | None, now: datetime) -> str:
    """How far away a day is: ``vandaag``, ``over 3 dagen``, ``5 weken geleden``."""
    if value is None:
        return ""
    days = days_between(now, value)
    if days == 0:
        return gettext("vandaag")
    if days == 1:
        return gettext("morgen")
    if days == -1:
        return gettext("gisteren")
    amount = _amount_of_days(abs(days))
    if days > 0:
        return gettext("over %(amount)s", amount=amount)
    return gettext("%(amount)s geleden", amount=amount)


def show_due(value: datetime | None, now: datetime) -> str:
    """A due time in words: ``vandaag om 17:00``, ``3 dagen te laat``, ``za 28 nov``."""
    if value is None:
        return gettext("geen einddatum")
    if value < now:
        days = days_between(value, now)
        if days == 0:
            return gettext("vandaag, te laat")
        return gettext("%(amount)s te laat", amount=_amount_of_days(days))
    days = days_between(now, value)
    if days == 0:
        return gettext("vandaag om %(time)s", time=show_time(value))
    if days == 1:
        return gettext("morgen")
    if days <= _DAYS_NAMED_BY_WEEKDAY:
        return format_date(day_of(value), "EEEE d MMMM")
    return show_short_day(value)


def show_days(days: int) -> str:
    """A number of days in words."""
    return _amount_of_days(days)


def _amount_of_days(days: int) -> str:
    if days < 14:
        return ngettext("%(num)d dag", "%(num)d dagen", days)
    if days < 70:
        return ngettext("%(num)d week", "%(num)d weken", days // 7)
    return ngettext("%(num)d maand", "%(num)d maanden", round(days / 30.4))


def show_span(span: timedelta | None) -> str:
    """A length of time in whole days, or hours when shorter than two days."""
    if span is None:
        return ""
    hours = round(span.total_seconds() / 3600)
    return _amount_of_days(span.days) if hours >= 48 else gettext("%(hours)d uur", hours=hours)


# Words of the family file (the values that the process packages use) as people read them.
WORDS = {
    "contact_kind": {
        "huisbezoek": lazy_gettext("Huisbezoek"),
        "telefoon": lazy_gettext("Telefoon"),
        "kantoor": lazy_gettext("Op kantoor"),
        "beeldbellen": lazy_gettext("Beeldbellen"),
        "meegaan": lazy_gettext("Meegegaan"),
    },
    "life_domain": {
        "huishouding": lazy_gettext("Huishouding"),
        "maatschappelijk": lazy_gettext("Maatschappelijke positie"),
        "opvoeding": lazy_gettext("Opvoeding"),
        "welzijn": lazy_gettext("Individueel welzijn"),
        "partnerrelatie": lazy_gettext("Partnerrelatie"),
    },
    "life_domain_part": {
        "huisvesting": lazy_gettext("Huisvesting"),
        "financien": lazy_gettext("Financiën"),
        "dagbesteding": lazy_gettext("Dagbesteding"),
        "praktisch": lazy_gettext("Praktisch functioneren"),
        "netwerk": lazy_gettext("Sociaal netwerk"),
        "competenties": lazy_gettext("Opvoedingscompetenties"),
        "verzorging": lazy_gettext("Verzorging"),
        "veiligheid": lazy_gettext("Veiligheid"),
        "psychisch": lazy_gettext("Psychisch"),
        "lichamelijk": lazy_gettext("Lichamelijk"),
        "zingeving": lazy_gettext("Zingeving"),
        "relaties": lazy_gettext("Relaties"),
    },
    "concern": {
        "ernstig": lazy_gettext("Ernstige zorgen"),
        "licht": lazy_gettext("Lichte zorgen"),
        "geen": lazy_gettext("Geen zorgen"),
        "onbekend": lazy_gettext("Niet bekend"),
    },
    "member_role": {
        "moeder": lazy_gettext("Moeder"),
        "vader": lazy_gettext("Vader"),
        "kind": lazy_gettext("Kind"),
        "anders": lazy_gettext("Anders"),
    },
    "consent_form": {
        "mondeling": lazy_gettext("mondeling"),
        "schriftelijk": lazy_gettext("schriftelijk"),
    },
    "handover_status": {
        "besproken": lazy_gettext("Besproken"),
        "akkoord": lazy_gettext("Gezin akkoord"),
        "aangemeld": lazy_gettext("Aangemeld"),
        "wachtlijst": lazy_gettext("Wachtlijst"),
        "indicatie": lazy_gettext("Indicatie aangevraagd"),
        "intake": lazy_gettext("Intake"),
        "overgedragen": lazy_gettext("Warm overgedragen"),
        "gestart": lazy_gettext("Gestart"),
        "gestopt": lazy_gettext("Gestopt"),
    },
    "trajectory_status": {
        "referred": lazy_gettext("Aangemeld"),
        "running": lazy_gettext("Loopt"),
        "aftercare": lazy_gettext("Nazorg"),
        "closed": lazy_gettext("Afgesloten"),
    },
    "system_role": {
        "worker": lazy_gettext("Gezinswerker"),
        "project_leader": lazy_gettext("Projectleider"),
        "coordinator": lazy_gettext("Ketencoördinator"),
        "process_owner": lazy_gettext("Proceseigenaar"),
        "administrator": lazy_gettext("Beheerder"),
        "partner": lazy_gettext("Ketenpartner"),
    },
    "scorer": {
        "gezin": lazy_gettext("Het gezin"),
        "werker": lazy_gettext("De medewerker"),
        "verwijzer": lazy_gettext("De aanmelder"),
    },
    "instrument": {
        "schaalvraag": lazy_gettext("Hoe gaat het? (1 tot 10)"),
        "ernsttaxatie": lazy_gettext("Ernst van de problemen (1 tot 5)"),
        "hulpverleners": lazy_gettext("Hulpverleners die langskomen"),
        "hulpdagen": lazy_gettext("Dagen per week met een hulpverlener"),
    },
    "moment": {
        "start": lazy_gettext("bij de start"),
        "halverwege": lazy_gettext("halverwege"),
        "tussentijds": lazy_gettext("tussentijds"),
        "afsluiting": lazy_gettext("bij het afsluiten"),
    },
    "framework": {
        "vrijwillig": lazy_gettext("Vrijwillig"),
        "drang": lazy_gettext("Drang"),
        "gedwongen": lazy_gettext("Gedwongen"),
    },
    "support_type": {
        "basis-op-orde": lazy_gettext("Basis op orde"),
        "vinger-aan-de-pols": lazy_gettext("Vinger aan de pols"),
        "stut-en-steun": lazy_gettext("Stut en steun"),
        "nazorg": lazy_gettext("Nazorg"),
        "opschaling": lazy_gettext("Opschaling"),
    },
    "support_kind": {
        "praktisch": lazy_gettext("praktische steun"),
        "financieel": lazy_gettext("financiële steun"),
        "emotioneel": lazy_gettext("emotionele steun"),
    },
    "influence": {
        "goed": lazy_gettext("Goede invloed"),
        "wisselend": lazy_gettext("Wisselende invloed"),
        "slecht": lazy_gettext("Slechte invloed"),
    },
    "gives_back": {
        "ja": lazy_gettext("het gezin doet iets terug"),
        "soms": lazy_gettext("het gezin doet soms iets terug"),
        "nee": lazy_gettext("het gezin doet niets terug"),
    },
    "meeting_purpose": {
        "ruimte-maken": lazy_gettext("Ruimte maken voor het gezin"),
        "gezamenlijk-plan": lazy_gettext("Een gezamenlijk plan"),
        "stagnatie": lazy_gettext("De hulp zit vast"),
        "veiligheid": lazy_gettext("Veiligheid"),
        "afsluiten": lazy_gettext("Afsluiten"),
    },
    "meeting_state": {
        "voorbereiding": lazy_gettext("In voorbereiding"),
        "gepland": lazy_gettext("Gepland"),
        "gehouden": lazy_gettext("Gehouden"),
        "niet-gehouden": lazy_gettext("Niet gehouden"),
    },
    "participant_state": {
        "voorgesteld": lazy_gettext("Nog niet gevraagd"),
        "geen-toestemming": lazy_gettext("Geen toestemming"),
        "uitgenodigd": lazy_gettext("Uitgenodigd"),
        "komt": lazy_gettext("Komt"),
        "komt-niet": lazy_gettext("Komt niet"),
        "ingetrokken": lazy_gettext("Toestemming ingetrokken"),
        "aanwezig": lazy_gettext("Was erbij"),
        "afwezig": lazy_gettext("Was er niet"),
    },
    "offer_state": {
        "gevraagd": lazy_gettext("Gevraagd"),
        "aangenomen": lazy_gettext("Aangenomen"),
        "geweigerd": lazy_gettext("Zei nee"),
        "vervallen": lazy_gettext("Vervallen"),
    },
    "goal_score": {
        "behaald": lazy_gettext("Behaald"),
        "deels": lazy_gettext("Deels behaald"),
        "niet": lazy_gettext("Niet behaald"),
    },
}

CONCERN_TONE = {"ernstig": "danger", "licht": "warning", "geen": "safe", "onbekend": "neutral"}


def show_number(value: Decimal) -> str:
    """A number as people write it here: without needless zeros, ``3.5`` → ``3,5``."""
    return str(format_decimal(value))


def show_count(number: int, more: bool = False) -> str:
    """How many there are: ``12``, or ``1.000+`` where there are more than were counted."""
    return f"{format_decimal(number)}{'+' if more else ''}"


def show_word(value: str | None, kind: str) -> str:
    """A word of the family file in the user's language; unknown words stay as they are."""
    if not value:
        return ""
    known = WORDS[kind].get(value)
    return str(known) if known is not None else show_sentence(value)


def show_sentence(words: str) -> str:
    """Words of the file as the start of a sentence: ``hulp-bij-crisis`` → ``Hulp bij crisis``."""
    text = words.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def set_up_presentation(app: Flask) -> None:
    """Give the templates the filters of this module."""
    app.jinja_env.filters.update(
        day=show_day,
        short_day=show_short_day,
        moment=show_moment,
        clock_time=show_time,
        distance=show_distance,
        due=show_due,
        count_of=show_count,
        days=show_days,
        span=show_span,
        word=show_word,
        sentence=show_sentence,
        guidance=render_guidance,
    )
    app.jinja_env.globals["CONCERN_TONE"] = CONCERN_TONE
