"""Finds what of a person's data does not belong on a board: numbers, addresses, illnesses.

Nothing here knows Django. Numbers are certain enough to stop a page; the rest is a warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .folding import plain as folded

ID_NUMBER, MOBILE, BANK_CARD = "id_number", "mobile", "bank_card"
PLATE, ADDRESS, HEALTH = "plate", "address", "health"
BLOCKING = frozenset({ID_NUMBER, MOBILE, BANK_CARD, PLATE})

# The first two digits of an ID number: the province (GB/T 2260), 83 for residents from Taiwan.
PROVINCES = frozenset(
    str(code)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
        (91, 91),
    )
    for code in range(first, last + 1)
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

MOBILE_NUMBER = re.compile(r"1[3-9]\d{9}")
MOBILE_GROUPS = frozenset({(11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4)})
CARD_NUMBER = re.compile(
    r"62\d{14,17}|4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|"
    r"3[068]\d{12}|60\d{14,17}|6[589]\d{14,17}|9[0-9]\d{14,17}"
)

NUMBER = re.compile(r"\d+[Xx]?")
# What people put between the parts of one number.
PARTING = re.compile(r"[ \u00a0\u3000]?[)\]]?[ \u00a0\u3000]?[-–—.·/]?[ \u00a0\u3000]?[(\[]?")
MOST_PARTS = 6
MOST_BETWEEN = 4

_PROVINCE_SIGNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
PLATE_NUMBER = re.compile(
    # After a space there have to be more digits: it may be two words.
    rf"[{_PROVINCE_SIGNS}](?:[A-HJ-NP-Z][ \u3000·•.\-]?(?=[A-Z0-9]*[0-9])"
    r"|[ \u3000·•.\-][A-HJ-NP-Z][ \u3000·•.\-]?(?=(?:[A-Z]*[0-9]){3}))"
    r"(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警港澳领])(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_NUMERAL = r"[0-9〇零一二三四五六七八九十百]{1,5}"
_HAN = r"[\u4e00-\u9fff]"
ADDRESSES = re.compile(
    rf"{_HAN}{{1,12}}(?:路|街道?|大道|巷|弄|胡同|社区|小区){_NUMERAL}(?:[-之]{_NUMERAL})?号(?:{_NUMERAL}室)?"
    rf"|(?:{_HAN}{{1,8}}村)?(?:第)?{_NUMERAL}(?:村民小组|组|队|社){_NUMERAL}(?:号|户)"
    rf"|{_HAN}{{1,8}}(?:村|庄|屯){_NUMERAL}号"
    rf"|{_NUMERAL}(?:号楼|栋|幢|座)(?:{_NUMERAL}单元)?{_NUMERAL}(?:室|号)"
    rf"|\b(?:No\.? ?)?[0-9]{{1,4}},? (?:[A-Z][A-Za-z]+ ){{1,3}}(?:Road|Rd|Street|St|Lane|Avenue)\b"
)
HEALTH_WORDS = re.compile(
    "住院|手术|开刀|癌|肿瘤|化疗|放疗|透析|尿毒症|糖尿病|高血压|心脏病|冠心病|脑梗|脑出血|中风|偏瘫|瘫痪|"
    "抑郁|精神病|精神分裂|精神疾病|残疾|艾滋|肝炎|结核|骨折|怀孕|流产|病重|重病|大病|患病|生病|病假|"
    "得了病|因病|病情|疾病|养病|看病|医院|病倒|心梗|心肌|心绞痛|心衰|脑溢血|卧床|确诊|昏迷|病危|重症|慢性病|"
    "哮喘|痛风|肾炎|肾衰|白血病|帕金森|阿尔茨海默|痴呆|失能|失明|截肢|康复治疗|服药|吃药|输液|急诊|就诊|就医|"
    r"\b(?:hospital\w*|surgery|operation|cancer|tumou?rs?|chemotherapy|dialysis|diabet\w+|"
    r"strokes?|depress(?:ion|ed)|disab(?:ility|led)|hiv|hepatitis|tuberculosis|pregnan\w+|"
    r"bedridden|heart attacks?|diagnos(?:is|ed)|dementia|asthma|miscarriage|illness|ill|sick(?:ness)?|diseases?|fractured?|mental health)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """What was found and where: from ``start`` up to ``end`` in the text as it was given."""

    kind: str
    start: int
    end: int
    quote: str

    @property
    def blocking(self) -> bool:
        """Whether it may not be published at all."""
        return self.kind in BLOCKING


def personal_data(text: str, *, health: bool = False) -> list[Finding]:
    """Return what of a person's data stands in ``text``, from its beginning.

    ``health``: look for words of illness as well, as in the public reason of an excuse.
    """
    plain, places = folded(text)
    taken = [*_numbers(plain)]
    patterns = [(PLATE, PLATE_NUMBER), (ADDRESS, ADDRESSES)]
    if health:
        patterns.append((HEALTH, HEALTH_WORDS))
    for kind, pattern in patterns:
        taken += [(kind, *found.span()) for found in pattern.finditer(plain)]
    return [
        Finding(kind, places[start], places[end - 1] + 1, text[places[start] : places[end - 1] + 1])
        for kind, start, end in sorted(taken, key=lambda found: found[1:])
    ]


def is_id_number(number: str) -> bool:
    """Return whether ``number`` is one of the People's Republic: 18 signs, or 15 until 1999."""
    if number[:2] not in PROVINCES:
        return False
    if len(number) == 15 and number.isdigit():
        return _is_date(f"19{number[6:12]}")
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11] == number[17].upper() and _is_date(number[6:14])


def is_bank_card(number: str) -> bool:
    """Return whether ``number`` begins like a bank card's and has the right last digit (Luhn)."""
    if not CARD_NUMBER.fullmatch(number) or len(set(number)) == 1:
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2099


def _numbers(plain: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of each number; its parts may be set apart, but not be more."""
    parts = [
        found.span() for found in NUMBER.finditer(plain) if _stands_alone(plain, *found.span())
    ]
    at = 0
    while at < len(parts):
        for last in range(min(at + MOST_PARTS, len(parts)), at, -1):
            kind = _kind_of(plain, parts[at:last])
            if kind:
                yield kind, parts[at][0], parts[last - 1][1]
                at = last - 1
                break
        at += 1


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Return whether no Latin letter or digit sticks to the digits: codes are no numbers."""
    around = plain[max(0, start - 1) : start] + plain[end : end + 1]
    return not any(sign.isascii() and (sign.isalnum() or sign == "_") for sign in around)


def _kind_of(plain: str, parts: list[tuple[int, int]]) -> str:
    """Return what kind of number some parts make together; an empty string if they make none."""
    for (_start, end), (start, _end) in pairwise(parts):
        if start - end > MOST_BETWEEN or not PARTING.fullmatch(plain, end, start):
            return ""
    words = [plain[start:end] for start, end in parts]
    number = "".join(words)
    if not 11 <= len(number) <= 19 or not number[:-1].isdigit():
        return ""
    if is_id_number(number):
        return ID_NUMBER
    if not number.isdigit():
        return ""
    lengths = tuple(len(word) for word in words)
    if MOBILE_NUMBER.fullmatch(number):
        return MOBILE if lengths in MOBILE_GROUPS else ""
    for code in ("86", "0086"):
        rest = number.removeprefix(code)
        if rest != number and MOBILE_NUMBER.fullmatch(rest):
            after = lengths[1:] if words[0] == code else (lengths[0] - len(code), *lengths[1:])
            return MOBILE if after in MOBILE_GROUPS else ""
    grouped = len(words) == 1 or set(lengths[:-1]) in ({4}, {6}) or lengths == (4, 6, 5)
    return BANK_CARD if grouped and is_bank_card(number) else ""
