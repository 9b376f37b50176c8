"""What the report's sections, groups and figures are called, in English and in French."""

from __future__ import annotations

from typing import Final, Literal

from router.report.numbers import ENGLISH, FRENCH, Language

Code = Literal["en", "fr"]
Said = tuple[str, str]
"""In English, and in French."""

LANGUAGES: Final[dict[Code, Language]] = {"en": ENGLISH, "fr": FRENCH}

SECTIONS: Final[dict[str, Said]] = {
    "total": ("All calls", "Tous les appels"),
    "by_month": ("By month", "Par mois"),
    "by_weekday": ("By day of the week", "Par jour de la semaine"),
    "by_hour": ("By hour of the day", "Par heure de la journée"),
    "by_line": ("By line", "Par ligne"),
    "by_number": ("By number: shown or withheld", "Par numéro : affiché ou masqué"),
    "by_times_called": ("How often callers called", "Combien de fois chacun a appelé"),
    "same_listener": ("The same listener again", "Le même écoutant de nouveau"),
    "promises": ("Call-backs promised", "Rappels promis"),
    "promises_by_origin": ("Call-backs, by who asked", "Rappels, selon la demande"),
    "promises_by_whom": ("Call-backs, by who calls", "Rappels, selon qui rappelle"),
    "orientation_by_kind": ("Orientation given, by kind", "Orientations données, par type"),
    "orientation_by_department": (
        "Orientation given, by department",
        "Orientations données, par département",
    ),
    "talks_led_to": ("What talks led to", "Suites données aux entretiens"),
    "help_asked": ("Help asked for in talks", "Aide demandée pendant les entretiens"),
    "listeners": ("Listeners, together", "Les écoutants, ensemble"),
    "listeners_by_pool": ("Listeners, by pool", "Les écoutants, par groupe"),
    "listeners_by_talks": (
        "Listeners, by number of talks",
        "Les écoutants, par nombre d'entretiens",
    ),
}

FIGURES: Final[dict[str, Said]] = {
    "calls": ("calls", "appels"),
    "calls_answered": ("answered by a listener", "décrochés par un écoutant"),
    "calls_fallback_answered": (
        "answered by the fallback group",
        "décrochés par le groupe de secours",
    ),
    "calls_promise_kept": ("left, and called back", "partis, puis rappelés"),
    "calls_promise_open": ("left, to be called back yet", "partis, à rappeler encore"),
    "calls_promise_broken": (
        "left, not called back in time",
        "partis, non rappelés dans le délai",
    ),
    "calls_left_early": ("hung up at once", "raccrochés aussitôt"),
    "calls_refused": ("turned away by a rule", "refusés par une règle"),
    "calls_lost": ("lost", "perdus"),
    "calls_not_over_yet": ("not over yet, in no figure", "en cours, dans aucun chiffre"),
    "calls_fallback_asked": (
        "for which the fallback group was rung",
        "pour lesquels le groupe de secours a sonné",
    ),
    "calls_wait_unknown": (
        "answered in an outage, after a wait that is not known",
        "décrochés pendant une panne, après une attente inconnue",
    ),
    "pickup_share": ("pickup", "décroché"),
    "cared_for_share": ("cared for", "pris en charge"),
    "callers": ("callers whose number shows", "appelants au numéro affiché"),
    "pickup_callers_share": ("pickup, by caller", "décroché, par appelant"),
    "cared_for_callers_share": ("cared for, by caller", "pris en charge, par appelant"),
    "within_10_seconds_share": ("within 10 s", "en 10 s"),
    "within_15_seconds_share": ("within 15 s", "en 15 s"),
    "within_20_seconds_share": ("within 20 s", "en 20 s"),
    "within_30_seconds_share": ("within 30 s", "en 30 s"),
    "within_60_seconds_share": ("within 60 s", "en 60 s"),
    "wait_median_seconds": ("wait: half below", "attente : la moitié sous"),
    "wait_p90_seconds": ("wait: 90 % below", "attente : 90 % sous"),
    "wait_p95_seconds": ("wait: 95 % below", "attente : 95 % sous"),
    "wait_max_seconds": ("longest wait", "attente la plus longue"),
    "talk_median_seconds": ("talk: half below", "entretien : la moitié sous"),
    "talk_total_seconds": ("talks, all together", "entretiens, au total"),
    "observed_hours": ("hours looked at", "heures observées"),
    "calls_per_observed_hour": ("calls an hour", "appels par heure"),
    "calls_of_known_callers": (
        "calls of callers who had talked with a listener",
        "appels de personnes ayant déjà parlé à un écoutant",
    ),
    "same_listener_share": ("taken by the same listener", "pris par le même écoutant"),
    "promises": ("promised", "promis"),
    "promises_joined": ("one with another", "réunis à un autre"),
    "promises_cancelled": ("cancelled", "annulés"),
    "promises_due": ("kept or due by now", "tenus ou échus"),
    "promises_kept": ("kept", "tenus"),
    "promises_kept_in_time": ("kept in time", "tenus à temps"),
    "promises_kept_in_time_share": ("share kept in time", "part tenue à temps"),
    "promises_open": ("open", "en cours"),
    "promises_with_seniors": ("with the seniors", "chez les cadres"),
    "kept_after_median_seconds": ("kept after: half below", "tenus après : la moitié sous"),
    "kept_after_p95_seconds": ("kept after: 95 % below", "tenus après : 95 % sous"),
    "kept_late_max_seconds": ("latest beyond its due time", "le plus en retard"),
    "talks": ("talks", "entretiens"),
    "help_asked": ("asked for", "demandée"),
    "help_found": ("somebody came", "quelqu'un est venu"),
    "help_nobody": ("nobody could be had", "personne de disponible"),
    "help_wait_median_seconds": ("wait for help: half below", "attente : la moitié sous"),
    "listeners": ("listeners", "écoutants"),
    "talk_hours": ("hours of talk", "heures d'entretien"),
    "rings": ("rings of their phones", "sonneries"),
    "talks_each_p25": ("talks each: a quarter below", "entretiens chacun : un quart sous"),
    "talks_each_median": ("talks each: half below", "entretiens chacun : la moitié sous"),
    "talks_each_p75": ("talks each: three quarters below", "entretiens chacun : trois quarts sous"),
    "rest_before_next_ring_p25_seconds": (
        "rest until the next ring: a quarter below",
        "repos avant la sonnerie suivante : un quart sous",
    ),
    "rest_before_next_ring_median_seconds": ("half below", "la moitié sous"),
    "rest_before_next_ring_p75_seconds": ("three quarters below", "trois quarts sous"),
    "duty_hours": ("hours on duty", "heures de permanence"),
    "talk_of_duty_share": ("of these in talk", "dont en entretien"),
    "talk_of_duty_each_p25_share": (
        "in talk, each: a quarter below",
        "en entretien, chacun : un quart sous",
    ),
    "talk_of_duty_each_median_share": ("half below", "la moitié sous"),
    "talk_of_duty_each_p75_share": ("three quarters below", "trois quarts sous"),
}

GROUPS: Final[dict[str, Said]] = {
    "monday": ("Monday", "lundi"),
    "tuesday": ("Tuesday", "mardi"),
    "wednesday": ("Wednesday", "mercredi"),
    "thursday": ("Thursday", "jeudi"),
    "friday": ("Friday", "vendredi"),
    "saturday": ("Saturday", "samedi"),
    "sunday": ("Sunday", "dimanche"),
    "shown": ("shown", "affiché"),
    "withheld": ("withheld", "masqué"),
    "key": ("callers, by key while waiting", "appelants, par touche pendant l'attente"),
    "hang_up": ("callers who left the queue", "appelants partis de l'attente"),
    "listener": ("a listener", "un écoutant"),
    "site": ("the site", "le site"),
    "crash": ("nobody: cut off by a fault", "personne : coupés par une panne"),
    "ops": ("ops", "l'exploitation"),
    "senior": ("a senior", "un cadre"),
    "shock": ("somebody for emotional shock", "quelqu'un pour un choc émotionnel"),
    "orientation": ("an orientation", "une orientation"),
    "senior_call_back": ("a call-back by a senior", "un rappel par un cadre"),
    "follow_up": ("a further call", "un nouvel appel convenu"),
    "nothing_more": ("nothing more", "rien de plus"),
    "abuse": ("abuse", "un appel abusif"),
    "national": ("the whole country", "toute la France"),
    "unlisted": ("no longer in the directory", "plus dans l'annuaire"),
    "other": ("the others, less than 5 people each", "les autres, moins de 5 personnes chacun"),
    "": ("without a pool", "sans groupe"),
}

HIDDEN: Final[Said] = ("not shown", "non publié")

TITLE: Final[Said] = ("Activity report", "Rapport d'activité")

DEFINITIONS: Final[tuple[Said, ...]] = (
    (
        (
            "Pickup is the share of calls that a human took while the caller was on the line. Cared"
            " for also counts call-backs that were kept or are not due yet. Neither counts calls"
            " that hung up at once or were turned away by a rule."
        ),
        (
            "Décroché : part des appels pris par un humain pendant que l'appelant était en ligne."
            " Pris en charge : y compris les rappels tenus ou non encore échus. Les appels"
            " raccrochés aussitôt ou refusés par une règle ne comptent dans aucun des deux."
        ),
    ),
    (
        (
            "By caller: somebody who calls five times and is picked up once is one caller reached."
            " Calls with a withheld number are in no figure by caller."
        ),
        (
            "Par appelant : qui appelle cinq fois et obtient une réponse une fois est un appelant"
            " joint. Les appels au numéro masqué ne sont dans aucun chiffre par appelant."
        ),
    ),
    (
        (
            "Waits run from the caller's arrival until both can hear each other, of calls that were"
            " picked up. Calls belong to the hour in which they arrived, by the service's clock."
        ),
        (
            "L'attente va de l'arrivée de l'appelant jusqu'à ce que les deux s'entendent, pour les"
            " appels décrochés. Un appel est compté à l'heure de son arrivée, à l'heure locale du"
            " service."
        ),
    ),
    (
        (
            "Groups of less than 5 people are not shown, nor what would tell of them together with"
            " the total; a call with a withheld number counts as a person. What became of all calls"
            " together is told whole."
        ),
        (
            "Les groupes de moins de 5 personnes ne sont pas publiés, ni ce qui permettrait de les"
            " retrouver à partir du total ; un appel au numéro masqué compte pour une personne. Le"
            " devenir de l'ensemble des appels est dit en entier."
        ),
    ),
)


def say(said: Said, code: Code) -> str:
    """Give what is said in a language."""
    return said[code == "fr"]


def section_name(name: str, code: Code) -> str:
    """Give what a section is called."""
    return say(SECTIONS[name], code)


def figure_name(name: str, code: Code) -> str:
    """Give what a figure is called."""
    return say(FIGURES[name], code)
