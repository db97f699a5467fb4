"""What all the values of a column say: its figures and the role it can play in a chart."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.models import Column, Grain, Role, Scalar, Type
from catalog.readers.dates import MONTH_OF, WEEKDAY_OF, half_of, is_fiscal, plain
from catalog.readers.values import scalar

TOP = 50
Figures = dict[str, Any]

YEAR = re.compile(r"(?:^|[\W_])(?:a[ñn]o|anio|year|yr|ejercicio|ciclo|annee|jahr|time_period|periodo|ao)(?:$|[\W_\d])|^a(?:ñ|n|ni)o|year|^(?:date|fecha|time|tiempo)$", re.IGNORECASE)  # fmt: skip
MONTH = re.compile(r"(?:^|[\W_])(?:mes|month|mois|mese|monat)(?:$|[\W_\d])", re.IGNORECASE)
CALENDAR = re.compile(r"(?:^|[\W_])(?:d[ií]a|day|dow|semana|week|weekday|hora|hour|trimestre|quarter|date_of_month|day_of_\w+)(?:$|[\W_\d])|^d[ií]a|day_of|_of_month|_of_week", re.IGNORECASE)  # fmt: skip
KEY = re.compile(r"(?:^|[\W_])(?:id|ids|fid|gid|uid|uuid|objectid|pk|folio|clave|cve|c[oó]d(?:igo)?|code|nbr|num|núm|n[uú]mero|zip|cp|postal|expediente|ref|reference|referencia|key|index|rank|ranking|tel[eé]fono|telefono|phone|ext|transaction)(?:$|[\W_\d])|[\W_]number$|(?:^|[\W_])no(?:[._]|$)|n[º°]|(?:_id|_?objectid|cvegeo)$|^(?:cve|cod|id)_?|code$|Id$|ID$|(?:cat|page|user|post|item|doc|order|gene|product|site|station|store|person|case|event|trip|row|record)id$")  # fmt: skip
QUANTITY = re.compile(r"total|suma|cantidad|monto|importe|amount|v[ií]ctimas|poblaci|population|casos|\bcases\b|\bcounts?\b|headcount|edad\b|\bages?\b|n[uú]mero[ _]de(?!l?[ _](?:cuenta|serie|expediente|folio|contrato|placa|tel|licencia|registro|proveedor|empleado))|num_?de|number[ _]of|# of|^no\.? de|pob|costos?\b|\bcosts?\b|precio|\bprices?\b|ingreso|\bincome|gasto|valor|\bvalues?\b|muert|deaths?\b|births?\b|nacim|pasajeros|afluencia|viajes|\bkm|metros|superficie|\b[aá]reas?\b|hogares|viviendas|personas", re.IGNORECASE)  # fmt: skip
RATE = re.compile(r"\btasas?\b|\brates?\b|porcen|percent|\bpct|pct\b|por cada\b|promedio|average|\bavg|media\b|\bmeans?\b|mediana|median\b|[ií]ndice|\bindex|\bratio|raz[oó]n\b|proporci|\bproportion|\bshares?\b|edad\b|\bage\b|temperatur|humedad|humidity|presi[oó]n|pressure|densidad|density|altitud|elevation|magnitud|\bmag\b|velocidad|velocity|\bspeed|\bnivel|\bscores?\b|calificaci|\bgrade\b|precio|\bprices?\b|%|\bdepth|profundidad|anomal|\bmargin\b|\berror\b|\bbias|plus-minus|\bpor[ _](?:hab|persona|km|hect|ha\b|mil\b|cien\b|\d)|\bper[ _](?:capita|person|km|\d)|esperanza|expectancy|°c|\bph\b|\brank", re.IGNORECASE)  # fmt: skip
POSITION = re.compile(r"coord|^(?:x|y|long|co|sig|orden|order|posici[oó]n|position|lugar|puesto|versi[oó]n|hora|hour|course|time|utc|offset)$|(?:^|[\W_])(?:utm\w*|lat(?:itude?)?|lon|long|lng|longitude?|dir(?:ection)?|easting|northing|azimuth?|rumbo|bearing|heading|gap|mile|tz|timezone|\w*hash|minutos?|minutes?|segundos?|seconds?|duraci[oó]n|duration|espera|waiting)(?:$|[\W_])|river[ _]mile|zona[ _]?horaria|(?<!medio )tiempo(?! completo| parcial)|(?<!full-)(?<!part-)time (?:to|of|taken)|_time$", re.IGNORECASE)  # fmt: skip
INTENSITY = re.compile(r"(?:^|[\W_])(?:temp|tmax|tmin|tmed|prom|med|porc|pctje|rms|dmin|cdi|mmi|std\w*|stdev|gini|idh|ipc|inpc|pm[ _]?10|pm[ _]?2[._]?5|no2|nox|so2|o3|uv|dba?|talla|estatura|altura|height|rating|stars|estrellas|puntaje|valoraci[oó]n|factor|cuota|quota)(?:$|[\W_])|desviaci|varian[zc]|correlaci|coefici|intensi|concentraci|viento|\bwind\b|ruido|noise|calidad|quality|satisfacci|marginaci|rezago|volt|(?:eur|usd|mxn|gbp|€|\$|pesos?)[ _/]*(?:por|per|/|_)?[ _/]*(?:m2|m²|m3|m³|kg|kwh|ha|litro|l)$", re.IGNORECASE)  # fmt: skip
CODED = re.compile(r"cuartil|quintil|decil|octil|quartile|grado|nivel|categor|clase|class|tipo|type|estrato|zona|sector|grupo|group|cluster|distri(?:to|ct)|secci[oó]n|line(?:a)?$|estatus|status|sexo|gender|sex$", re.IGNORECASE)  # fmt: skip
COUNTED = re.compile(r"headcount|\bcounts?\b|\bnumber of\b|n[uú]mero de\b|\bcantidad de\b", re.IGNORECASE)
"""Names of things counted, which add up even where the name also holds a word of rates, such as a grade."""
NAMELESS = re.compile(r"^(?:column_\d+|unnamed:? ?\d+)$", re.IGNORECASE)
HUMP = re.compile(r"([a-zà-ÿ\d])([A-ZÀ-Þ][a-zà-ÿ])")
UNITS = re.compile(r"[(\[]\s*(%|°?\s?[CF]|km2?|km²|m2|m²|m3|m³|mm|cm|m|ha|kg|t|ton|toneladas|g|l|litros|kwh|mwh|µg/m3|ppm|ppb|mxn|usd|eur|pesos|miles(?: de pesos)?|millones(?: de pesos)?|días|dias|days|hours|horas|hrs|min|minutos|USD|US\$|\$|£|€)\s*[)\]]", re.IGNORECASE)  # fmt: skip
SUFFIX_UNITS = re.compile(r"_(km2?|m2|m3|mm|ha|kg|ton|kwh|mxn|usd|eur|pct|c)$", re.IGNORECASE)


def figures(counts: Mapping[Any, int], type_: Type) -> Figures:
    """Return the figures of a column from the counts of its values (None counts as null).

    Sums are exact to the last bit of the values: computed with :func:`math.fsum`.
    """
    nulls = counts.get(None, 0)
    values = {value: n for value, n in counts.items() if value is not None}
    top = tuple(
        (scalar(v), n) for v, n in sorted(values.items(), key=lambda item: (-item[1], str(item[0])))[:TOP]
    )
    found: Figures = {"nulls": nulls, "distinct": len(values), "top": top}
    if not values or type_ == "geometry":
        return {**found, "top": ()}
    found["min"], found["max"] = scalar(min(values)), scalar(max(values))
    if type_ in ("integer", "number"):
        n = sum(values.values())
        total = sum(v * k for v, k in values.items()) if type_ == "integer" else _total(values)
        found |= {"sum": total, "mean": float(total) / n}
    return found


def _total(values: Mapping[float, int]) -> float:
    """Return the sum of written decimals without the dust of binary fractions."""
    total = math.fsum(value * n for value, n in values.items())
    places = max((_places(value) for value in list(values)[:1000]), default=0)
    return round(total, places) if places <= 12 else total


def _places(value: float) -> int:
    text = repr(value)
    return 15 if "e" in text else len(text.partition(".")[2])


def column(
    name: str, label: str, type_: Type, found: Figures, rows: int, *, grain: Grain | None = None, unit: str = "",
    derived: tuple[str, ...] = (),
) -> Column:  # fmt: skip
    """Return the column with its role, decided from its figures with its name as a hint only."""
    words = HUMP.sub(r"\1 \2", label or name)
    role, order, its_grain, geography = role_of(words, type_, found, rows)
    unit = unit or unit_of(label)
    additive = role == "measure" and not _is_rate(words, unit, type_, found)
    return Column(
        name=name, label=label, type=type_, role=role, additive=additive, unit=unit, grain=grain or its_grain,
        geography=geography, order=order, derived=derived, **found,
    )  # fmt: skip


SHARED_UNIT = re.compile(
    r"^(?:obs_)?(?:unit|unidad|unit_measure|units|unidades|unidad de medida)$", re.IGNORECASE
)
INDICATOR = re.compile(
    r"^(?:indicat?d?or(?:es)?|variable|metric|measure|medida|statistic|estad[ií]stic[oa]|par[aá]metro|parameter|contaminante|pollutant|magnitud)(?:[ _](?:name|nombre|code|id))?$",
    re.IGNORECASE,
)
SHARES = re.compile(
    r"^(?:pc|%|percent\w*|porcentaje|pct|tasa|rate|index|[ií]ndice|pc_.*|rt|avg)$", re.IGNORECASE
)

UNIT_WORD = re.compile(r"%|per ?cent|porcent|n[uú]mero|number|count|thous|mill|index|[ií]ndice|rate|tasa|ratio|peso|d[oó]lar|euro|[$€£]|kilo|\bton|litr|metr|\bkm|hect|hour|hora|d[ií]as?\b|days?\b|years?\b|a[ñn]os?\b|person|hab\b|^[A-Za-z]{1,3}\d?$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$", re.IGNORECASE)  # fmt: skip
"""What the values of a column of units hold; the units of an organisation hold none of it."""


def in_context(columns: Sequence[Column]) -> list[Column]:
    """Return the columns after looking at their neighbours: these say whether values add up.

    They do not below a unit that is a share, beside several units or indicators, below an
    indicator that is a rate, and where the column of the year is the mean of its months.
    """
    units = [one for one in columns if SHARED_UNIT.match(one.name)]
    shares = any(SHARES.match(str(value)) for one in units for value, _ in one.top)
    mixed = any(one.distinct > 1 and any(UNIT_WORD.search(str(v)) for v, _ in one.top) for one in units)
    unit = "%" if shares and not mixed else ""
    if not (shares or mixed or _measures_rates(columns) or _year_is_mean(columns)):
        return list(columns)
    return [
        one.model_copy(update={"additive": False, "unit": one.unit or unit}) if one.role == "measure" else one
        for one in columns
    ]


def _measures_rates(columns: Sequence[Column]) -> bool:
    """Tell a table whose rows are several indicators, or one that is a rate."""
    named = [one for one in columns if one.type == "text" and INDICATOR.match(one.name)]
    rates = any(RATE.search(plain(str(value))) for one in named for value, _ in one.top)
    return rates or any(one.distinct > 1 for one in named)


def _year_is_mean(columns: Sequence[Column]) -> bool:
    """Tell a wide table of twelve months with a further column that is their mean, not their sum."""
    months = [one for one in columns if plain(one.name).strip(" .") in MONTH_OF and one.mean is not None]
    if len(months) < 12:
        return False
    spread = max(float(m.max or 0) for m in months) - min(float(m.min or 0) for m in months)
    usual = sum(m.mean or 0 for m in months) / len(months)
    rest = [one for one in columns if one.type in ("integer", "number") and one not in months]
    return any(abs((one.mean or 0) - usual) <= 0.02 * spread for one in rest if one.role == "measure")


def unit_of(label: str) -> str:
    """Return the unit a label states in brackets or as a suffix, else ''."""
    found = UNITS.search(label) or SUFFIX_UNITS.search(label)
    return found[1].strip() if found else ""


def _is_rate(label: str, unit: str, type_: Type, found: Figures) -> bool:
    low, high = found["min"], found["max"]
    share = type_ == "number" and ((low >= 0 and high <= 1) or _is_computed(label, found))
    names = (label, plain(label), label.replace("_", " "))
    named = any(words.search(name) for words in (RATE, POSITION, INTENSITY) for name in names)
    if type_ == "integer" and COUNTED.search(label.replace("_", " ")):
        named = any(SHARES.match(word) for word in plain(label).split())
    return bool(unit in ("%", "C", "°C", "pct") or named or share)


def _is_computed(label: str, found: Figures) -> bool:
    """Tell results of divisions, with six decimals and more, from amounts that people count or measure."""
    long = sum(_places(float(value)) >= 6 for value, _ in found["top"])
    return long >= 0.8 * len(found["top"]) > 2 and not _names_quantity(label)


def _names_quantity(label: str) -> bool:
    return bool(QUANTITY.search(label.replace("_", " ")))


def role_of(
    label: str, type_: Type, found: Figures, rows: int
) -> tuple[Role, tuple[Scalar, ...], Grain | None, str]:
    """Return the role of a column with its order, grain and geography where it has one."""
    if not found["distinct"]:
        return "empty", (), None, ""
    if type_ == "geometry":
        return "geometry", (), None, ""
    if found["distinct"] == 1 and rows > 1 and not found["nulls"]:
        return "constant", (), None, ""
    if type_ in ("date", "datetime"):
        return "time", (), None, ""
    if type_ == "boolean":
        return "category", (), None, ""
    if type_ in ("integer", "number"):
        role, grain = _number_role(label, type_, found, rows)
        return role, (), grain, ""
    return _text_role(label, found, rows)


def _number_role(label: str, type_: Type, found: Figures, rows: int) -> tuple[Role, Grain | None]:
    low, high, distinct = found["min"], found["max"], found["distinct"]
    filled = rows - found["nulls"]
    if type_ == "integer":
        if _is_year(label, low, high, distinct, filled):
            return "time", "year"
        if YEAR.search(label) and low >= 0 and high <= 99 and not _names_quantity(label):
            return "ordered", None
        if distinct == 1 and rows > 1:
            return "constant", None
        if _is_calendar(label, low, high):
            return "ordered", None
        if _is_key(label, low, high, distinct, filled):
            return "identifier", None
        if _is_code(label, low, high, distinct, filled):
            return ("ordered" if CODED.search(label) else "category"), None
    elif distinct == 1 and rows > 1:
        return "constant", None
    return "measure", None


def _is_year(label: str, low: float, high: float, distinct: int, filled: int) -> bool:
    if not (low >= 1500 and high <= 2200):
        return False
    if YEAR.search(label) and not _names_quantity(label):
        return True
    if _names_quantity(label):
        return False
    if low >= 1700 and high <= 2100 and distinct >= 30 and distinct == filled == high - low + 1:
        return True
    return (
        low >= 1900
        and high <= 2060
        and distinct <= 80
        and filled >= 2 * distinct
        and high - low + 1 <= 2 * distinct
    )


def _is_calendar(label: str, low: float, high: float) -> bool:
    if CALENDAR.search(label):
        return low >= 0 and high <= 366
    return bool(MONTH.search(label)) and low >= 1 and high <= 13


def _is_key(label: str, low: float, high: float, distinct: int, filled: int) -> bool:
    """Tell identifiers: named so, or unique whole numbers that run on or share their length."""
    unique = distinct == filled
    if NAMELESS.match(label) and unique and filled > 1 and low >= 0:
        return label == "column_1" or (low in (0, 1) and high - low + 1 == distinct)
    if _names_quantity(label):
        return False
    if KEY.search(label) or KEY.search(label.lower()):
        return low >= 0 and (distinct > 1)
    if not unique or filled < 50 or low < 0:
        return False
    return bool(high - low + 1 <= 1.2 * distinct)


def _is_code(label: str, low: float, high: float, distinct: int, filled: int) -> bool:
    """Tell whole numbers that name groups: few, running on from 0 or 1, and not quantities."""
    if (low, high, distinct) == (0, 1, 2) and filled >= 20 and not _names_quantity(label):
        return True
    if _names_quantity(label) or low < 0 or distinct > 40 or distinct >= 0.05 * filled:
        return (
            bool(CODED.search(label))
            and low >= 0
            and high <= 100
            and distinct <= 40
            and not _names_quantity(label)
        )
    return bool(CODED.search(label)) or (low == 1 and high == distinct and distinct <= 12)


def _text_role(label: str, found: Figures, rows: int) -> tuple[Role, tuple[Scalar, ...], Grain | None, str]:
    distinct, top = found["distinct"], found["top"]
    filled = rows - found["nulls"]
    texts = [str(value) for value, _ in top]
    order = natural_order(texts) if distinct <= TOP else ()
    if distinct == 1 and rows > 1:
        return "constant", (), None, ""
    if order:
        return "ordered", tuple(order), None, ""
    geography = _geography(texts) if 2 <= distinct <= 5000 else ""
    if geography:
        return "place", (), None, geography
    if not texts:
        return ("identifier" if KEY.search(label) else "text"), (), None, ""
    length = sum(map(len, texts)) / len(texts)
    same_length = len({len(text) for text in texts}) == 1
    coded = all(
        re.match(r"^[A-Z0-9][A-Za-z0-9_./:-]*$", text) and any(c.isdigit() for c in text) for text in texts
    )
    coded = coded and not all(CLOCK.match(text) for text in texts)
    if distinct >= 0.8 * filled and filled >= 50 and coded and (same_length or KEY.search(label)):
        return "identifier", (), None, ""
    if (
        length > 80
        or (distinct > 0.8 * filled and filled >= 50 and length > 40)
        or (distinct > 5000 and distinct > 0.5 * filled)
    ):
        return "text", (), None, ""
    if distinct == filled and filled >= 50 and KEY.search(label):
        return "identifier", (), None, ""
    return "category", (), None, ""


def natural_order(texts: Sequence[str]) -> list[str]:
    """Return months, weekdays, age bands and scales in their own order; [] when there is none."""
    bare = {text: plain(text).strip(" .") for text in texts}
    for ranks in (MONTH_OF, WEEKDAY_OF):
        if len(texts) >= 2 and all(word in ranks for word in bare.values()):
            return sorted(texts, key=lambda text: ranks[bare[text]])
    bands = {text: _band(word) for text, word in bare.items()}
    known = {text: band for text, band in bands.items() if band is not None}
    distinct = len(known) >= max(3, len(texts) - 2) and len(set(known.values())) == len(known)
    if distinct and sum(bool(re.search(r"\d\D+\d", text)) for text in known) >= 0.5 * len(known):
        return sorted(known, key=lambda text: known[text]) + [text for text in texts if text not in known]
    if len(texts) >= 3 and (is_fiscal(texts) or all(CLOCK.match(text) for text in texts)):
        return sorted(texts, key=lambda text: [int(part) for part in re.findall(r"\d+", text)])
    halves = {text: half_of(text) for text in texts}
    if len(texts) >= 2 and all(halves.values()):
        return sorted(texts, key=lambda text: halves[text] or (0, 0))
    for scale in SCALES:
        if len(texts) >= 2 and all(word in scale for word in bare.values()):
            return sorted(texts, key=lambda text: scale.index(bare[text]))
    return []


SCALES = (
    ("muy bajo", "muy baja", "bajo", "baja", "medio", "media", "moderado", "alto", "alta", "muy alto", "muy alta", "extremo"),
    ("very low", "low", "medium", "moderate", "high", "very high", "extreme"),
    ("muy malo", "muy mala", "malo", "mala", "regular", "bueno", "buena", "muy bueno", "muy buena", "excelente"),
    ("inicial", "preescolar", "primaria", "secundaria", "bachillerato", "media superior", "licenciatura", "superior", "maestria", "posgrado", "doctorado"),
    ("primer trimestre", "segundo trimestre", "tercer trimestre", "cuarto trimestre"),
)  # fmt: skip
CLOCK = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?$")
BAND = re.compile(
    r"^(?:de |from |y|age_?|edad )?\s*(\d{1,3})\s*(?:a|-|–|to|hasta|_|y)\s*(\d{1,3})(?:\s*(?:anos|years|a).*)?$"
)
OPEN_BAND = re.compile(r"^(?:(mas de|mayor(?:es)? de|over|>=?|\+|ge_?)\s*(\d{1,3})|(\d{1,3})\s*(?:\+|y mas|and over|o mas|anos y mas).*)(?:\s*anos.*)?$")  # fmt: skip
UNDER_BAND = re.compile(r"^(?:menos de|menor(?:es)? de|under|<=?|lt_?)\s*(\d{1,3})(?:\s*anos.*)?$")


def _band(word: str) -> float | None:
    """Return where a band of ages or sizes starts: 'de 40 a 44 años' is 40."""
    between = BAND.match(word)
    if between:
        return float(between[1])
    above = OPEN_BAND.match(word)
    if above:
        return float(above[2] or above[3]) + 0.5
    under = UNDER_BAND.match(word)
    return -1.0 if under else None


def _geography(texts: Sequence[str]) -> str:
    """Return the geography whose places at least 80 % of the values name, else ''."""
    try:
        from catalog.places import match
    except ImportError:
        return ""
    found = match(texts)
    return found.geography if found and found.share >= 0.8 else ""
