"""What is to be known before the figures are read."""

from __future__ import annotations

from collections.abc import Iterator

from router.report import words
from router.report.model import Report
from router.report.words import Code, Said


def remarks(report: Report, code: Code) -> list[str]:
    """Say what is missing in the figures, if anything is."""
    return [words.say(one, code) for one in _found(report, code)]


def _found(report: Report, code: Code) -> Iterator[Said]:
    form = "%Y-%m-%d %H:%M" if code == "en" else "%d/%m/%Y %H:%M"
    began, ended = (f"{report.span.local(at):{form}}" for at in report.covered)
    if report.too_few:
        yield (
            "Less than 5 people have called: nothing is told of them.",
            "Moins de 5 personnes ont appelé : rien n'est publié à leur sujet.",
        )
    if report.covered[0] > report.span.began:
        yield (
            f"The journal begins on {began} only: calls before that are in no figure.",
            f"Le journal ne commence que le {began} : aucun chiffre ne compte les appels d'avant.",
        )
    if report.covered[1] < report.span.ended:
        yield (
            f"The span goes on beyond {ended}, of which the figures are.",
            f"La période va au-delà du {ended}, date à laquelle les chiffres sont arrêtés.",
        )
    if report.unheard_times:
        yield _unheard(report, code)
    if report.gaps:
        yield _gaps(report, form)
    if report.failed_entries:
        yield (
            f"{report.failed_entries} entries of the journal could not be understood.",
            f"{report.failed_entries} entrées du journal n'ont pas pu être comprises.",
        )


def _gaps(report: Report, form: str) -> Said:
    began, ended = report.gaps[0].began, max(gap.ended for gap in report.gaps)
    since, until = (f"{report.span.local(at):{form}}" for at in (began, ended))
    times = len(report.gaps)
    misfits = sum(gap.misfits for gap in report.gaps)
    cut = sum(gap.cut_calls for gap in report.gaps)
    english = (
        f"Between {since} and {until} the journal does not tell all ({times} times): figures of"
        f" then are not complete, and may be wrong. {misfits} entries do not fit; of {cut} calls no"
        " end is known: they are in no figure."
    )
    french = (
        f"Entre le {since} et le {until} le journal ne dit pas tout ({times} fois) : les chiffres"
        " de ces moments sont incomplets, et peuvent être faux. Entrées qui ne s'expliquent pas :"
        f" {misfits} ; appels dont la fin n'est pas connue, et qu'aucun chiffre ne compte : {cut}."
    )
    return english, french


def _unheard(report: Report, code: Code) -> Said:
    times, lost = report.unheard_times, words.LANGUAGES[code].seconds(report.unheard_seconds)
    often = "once" if times == 1 else f"{times} times"
    english = f"Asterisk was not heard {often}, {lost} in all, or longer where the daemon was down"
    french = f"Asterisk n'a pas été entendu {times} fois, {lost} en tout, ou plus si le routeur"
    return (
        f"{english}: what came and went then is not in these figures.",
        f"{french} était arrêté : aucun chiffre ne compte les appels arrivés et finis alors.",
    )
