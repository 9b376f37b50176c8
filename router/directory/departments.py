"""The French departments, by the place of their prefecture.

Codes and names are INSEE's (code officiel géographique), the coordinates of the prefectures are
GeoNames' (geonames.org, CC BY 4.0), in degrees north and east, to two decimals: about a kilometre.
"""

from __future__ import annotations

import unicodedata
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

EARTH_RADIUS_KM: Final = 6371.0


class Department(NamedTuple):
    """A department, or a territory overseas that has a code as departments have."""

    name: str
    north: float
    east: float


def distance_km(one: str, other: str) -> float:
    """Give how far apart the prefectures of two departments are, as the crow flies."""
    here, there = DEPARTMENTS[one], DEPARTMENTS[other]
    north, further_north = radians(here.north), radians(there.north)
    east_apart = radians(there.east - here.east)
    half_chord_squared = (
        sin((further_north - north) / 2) ** 2
        + cos(north) * cos(further_north) * sin(east_apart / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord_squared))


def code_of(text: str) -> str | None:
    """Give the code of a department that is named by code or by name; None: there is none such."""
    wanted = _plain(text)
    code = wanted.upper().zfill(2)
    if code in DEPARTMENTS:
        return code
    return next((code for code, one in DEPARTMENTS.items() if _plain(one.name) == wanted), None)


def _plain(text: str) -> str:
    """Leave out what is often left out when a name is typed: accents, capitals, hyphens."""
    letters = unicodedata.normalize("NFD", text.strip().casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return kept.replace("-", " ").replace("\u2019", "'")


DEPARTMENTS: Final = {
    "01": Department("Ain", 46.21, 5.23),
    "02": Department("Aisne", 49.56, 3.63),
    "03": Department("Allier", 46.56, 3.33),
    "04": Department("Alpes-de-Haute-Provence", 44.09, 6.23),
    "05": Department("Hautes-Alpes", 44.56, 6.08),
    "06": Department("Alpes-Maritimes", 43.7, 7.27),
    "07": Department("Ardèche", 44.73, 4.6),
    "08": Department("Ardennes", 49.77, 4.72),
    "09": Department("Ariège", 42.97, 1.61),
    "10": Department("Aube", 48.3, 4.09),
    "11": Department("Aude", 43.22, 2.35),
    "12": Department("Aveyron", 44.35, 2.57),
    "13": Department("Bouches-du-Rhône", 43.3, 5.38),
    "14": Department("Calvados", 49.19, -0.36),
    "15": Department("Cantal", 44.93, 2.44),
    "16": Department("Charente", 45.65, 0.15),
    "17": Department("Charente-Maritime", 46.16, -1.15),
    "18": Department("Cher", 47.08, 2.4),
    "19": Department("Corrèze", 45.27, 1.77),
    "2A": Department("Corse-du-Sud", 41.92, 8.74),
    "2B": Department("Haute-Corse", 42.7, 9.45),
    "21": Department("Côte-d'Or", 47.31, 5.01),
    "22": Department("Côtes-d'Armor", 48.52, -2.77),
    "23": Department("Creuse", 46.17, 1.87),
    "24": Department("Dordogne", 45.19, 0.71),
    "25": Department("Doubs", 47.25, 6.02),
    "26": Department("Drôme", 44.93, 4.91),
    "27": Department("Eure", 49.02, 1.15),
    "28": Department("Eure-et-Loir", 48.45, 1.49),
    "29": Department("Finistère", 48.0, -4.1),
    "30": Department("Gard", 43.84, 4.36),
    "31": Department("Haute-Garonne", 43.6, 1.44),
    "32": Department("Gers", 43.65, 0.59),
    "33": Department("Gironde", 44.84, -0.58),
    "34": Department("Hérault", 43.61, 3.88),
    "35": Department("Ille-et-Vilaine", 48.11, -1.67),
    "36": Department("Indre", 46.81, 1.69),
    "37": Department("Indre-et-Loire", 47.39, 0.7),
    "38": Department("Isère", 45.18, 5.71),
    "39": Department("Jura", 46.68, 5.56),
    "40": Department("Landes", 43.89, -0.5),
    "41": Department("Loir-et-Cher", 47.59, 1.33),
    "42": Department("Loire", 45.43, 4.39),
    "43": Department("Haute-Loire", 45.04, 3.89),
    "44": Department("Loire-Atlantique", 47.22, -1.55),
    "45": Department("Loiret", 47.9, 1.9),
    "46": Department("Lot", 44.45, 1.44),
    "47": Department("Lot-et-Garonne", 44.2, 0.62),
    "48": Department("Lozère", 44.52, 3.5),
    "49": Department("Maine-et-Loire", 47.47, -0.55),
    "50": Department("Manche", 49.12, -1.09),
    "51": Department("Marne", 48.95, 4.37),
    "52": Department("Haute-Marne", 48.11, 5.14),
    "53": Department("Mayenne", 48.07, -0.77),
    "54": Department("Meurthe-et-Moselle", 48.68, 6.18),
    "55": Department("Meuse", 48.77, 5.16),
    "56": Department("Morbihan", 47.66, -2.76),
    "57": Department("Moselle", 49.12, 6.17),
    "58": Department("Nièvre", 46.99, 3.16),
    "59": Department("Nord", 50.63, 3.06),
    "60": Department("Oise", 49.43, 2.08),
    "61": Department("Orne", 48.43, 0.09),
    "62": Department("Pas-de-Calais", 50.29, 2.78),
    "63": Department("Puy-de-Dôme", 45.78, 3.09),
    "64": Department("Pyrénées-Atlantiques", 43.31, -0.36),
    "65": Department("Hautes-Pyrénées", 43.23, 0.07),
    "66": Department("Pyrénées-Orientales", 42.7, 2.9),
    "67": Department("Bas-Rhin", 48.58, 7.75),
    "68": Department("Haut-Rhin", 48.08, 7.36),
    "69": Department("Rhône", 45.75, 4.85),
    "70": Department("Haute-Saône", 47.63, 6.14),
    "71": Department("Saône-et-Loire", 46.31, 4.83),
    "72": Department("Sarthe", 48.0, 0.2),
    "73": Department("Savoie", 45.57, 5.92),
    "74": Department("Haute-Savoie", 45.91, 6.13),
    "75": Department("Paris", 48.85, 2.35),
    "76": Department("Seine-Maritime", 49.44, 1.1),
    "77": Department("Seine-et-Marne", 48.55, 2.65),
    "78": Department("Yvelines", 48.8, 2.13),
    "79": Department("Deux-Sèvres", 46.32, -0.46),
    "80": Department("Somme", 49.9, 2.3),
    "81": Department("Tarn", 43.93, 2.15),
    "82": Department("Tarn-et-Garonne", 44.02, 1.35),
    "83": Department("Var", 43.12, 5.93),
    "84": Department("Vaucluse", 43.95, 4.81),
    "85": Department("Vendée", 46.67, -1.43),
    "86": Department("Vienne", 46.58, 0.34),
    "87": Department("Haute-Vienne", 45.83, 1.25),
    "88": Department("Vosges", 48.18, 6.45),
    "89": Department("Yonne", 47.8, 3.57),
    "90": Department("Territoire de Belfort", 47.64, 6.85),
    "91": Department("Essonne", 48.63, 2.44),
    "92": Department("Hauts-de-Seine", 48.89, 2.21),
    "93": Department("Seine-Saint-Denis", 48.91, 2.45),
    "94": Department("Val-de-Marne", 48.79, 2.47),
    "95": Department("Val-d'Oise", 49.04, 2.08),
    "971": Department("Guadeloupe", 16.0, -61.73),
    "972": Department("Martinique", 14.6, -61.07),
    "973": Department("Guyane", 4.94, -52.33),
    "974": Department("La Réunion", -20.88, 55.45),
    "975": Department("Saint-Pierre-et-Miquelon", 46.78, -56.18),
    "976": Department("Mayotte", -12.78, 45.23),
    "977": Department("Saint-Barthélemy", 17.9, -62.85),
    "978": Department("Saint-Martin", 18.07, -63.08),
    "986": Department("Wallis-et-Futuna", -13.28, -176.17),
    "987": Department("Polynésie française", -17.53, -149.57),
    "988": Department("Nouvelle-Calédonie", -22.27, 166.45),
}
