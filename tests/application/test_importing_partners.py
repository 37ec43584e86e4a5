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
}


@pytest.mark.parametrize(("text", "expected"), NEW.items())
def test_a_new_partner_gets_name_city_and_kind(text: str, expected: tuple) -> None:
    assert tuple(namings(text).new) == expected


def test_both_orders_mean_the_same_partner() -> None:
    keys = {namings(text).new.key for text in ("Budavár (Budapest)", "Budapest – Budavár", "BUDAVAR (budapest)")}
    assert len(keys) == 1
