"""How a table names a partner."""

import pytest

from application.importing_partners import namings
from domain.partners.events import PartnerKind as Kind

NEW = {
    "Banja Luka": ("Banja Luka", None, Kind.LOCAL_GOVERNMENT),
    "Budavár (Budapest)": ("Budavár", "Budapest", Kind.CITY_DISTRICT),
    "Budapest – Budavár": ("Budavár", "Budapest", Kind.CITY_DISTRICT),
    "Budapest - Budavár": ("Budavár", "Budapest", Kind.CITY_DISTRICT),
    "Bielsko-Biała": ("Bielsko-Biała", None, Kind.LOCAL_GOVERNMENT),
    "Belváros-Lipótváros (Budapest)": ("Belváros-Lipótváros", "Budapest", Kind.CITY_DISTRICT),
    "Podsused – Vrapče (Zagreb)": ("Podsused – Vrapče", "Zagreb", Kind.CITY_DISTRICT),
    "Petrogradsky district (Saint Petersburg)": ("Petrogradsky district", "Saint Petersburg", Kind.CITY_DISTRICT),
    "Territoire de Belfort (department)": ("Territoire de Belfort", None, Kind.COUNTY),
    "Vukovar-Srijem County": ("Vukovar-Srijem County", None, Kind.COUNTY),
    "Vukovarsko-srijemska županija": ("Vukovarsko-srijemska županija", None, Kind.COUNTY),
    "South Moravian Region": ("South Moravian Region", None, Kind.REGION),
    "Nowy Sącz (grad)": ("Nowy Sącz", None, Kind.LOCAL_GOVERNMENT),
    "Stari Grad (Grad Sarajevo)": ("Stari Grad", "Sarajevo", Kind.CITY_DISTRICT),
    "(Budapest)": ("(Budapest)", None, Kind.LOCAL_GOVERNMENT),
    "A – B – C": ("A – B – C", None, Kind.LOCAL_GOVERNMENT),
    "Countyville": ("Countyville", None, Kind.LOCAL_GOVERNMENT),
    "Budavár – Budapest": ("Budavár", "Budapest", Kind.CITY_DISTRICT),
    "Budapest (Budavár)": ("Budavár", "Budapest", Kind.CITY_DISTRICT),
    "Grad Zagreb – Sesvete": ("Sesvete", "Zagreb", Kind.CITY_DISTRICT),
    "Vukovarsko – srijemska županija": ("Vukovarsko – srijemska županija", None, Kind.COUNTY),
    "Baden – Württemberg": ("Baden – Württemberg", None, Kind.LOCAL_GOVERNMENT),
    "Emilia – Romagna (region)": ("Emilia – Romagna", None, Kind.REGION),
    "Osijek (Osječko-baranjska županija)": ("Osijek", "Osječko-baranjska županija", Kind.LOCAL_GOVERNMENT),
    "Kijev – Podolski rajon": ("Podolski rajon", "Kijev", Kind.CITY_DISTRICT),
    "Podolski rajon (Harkov)": ("Podolski rajon", "Harkov", Kind.CITY_DISTRICT),
    "Harkov (Podolski rajon)": ("Podolski rajon", "Harkov", Kind.CITY_DISTRICT),
    "Paris (Texas)": ("Paris", "Texas", Kind.CITY_DISTRICT),
    "Pešta – okrug": ("Pešta – okrug", None, Kind.COUNTY),
    "Județul Timiș": ("Județul Timiș", None, Kind.COUNTY),
}
NEAR = {"Grad Zagreb – Sesvete": "HR", "Paris (Texas)": "US"}
"""Countries; the others are read as being in Hungary, where Budapest is divided."""


@pytest.mark.parametrize(("text", "expected"), NEW.items())
def test_a_new_partner_gets_name_city_and_kind(text: str, expected: tuple) -> None:
    assert tuple(namings(text, NEAR.get(text, "HU")).new) == expected
