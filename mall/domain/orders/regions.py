"""Countries and provinces as delivery rates name them, and as people write them in an address. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: China's provinces as GB/T 2260 names them, in short: pinyin, simplified, traditional where it differs.
_CHINA: Final = (
    "Beijing 北京", "Tianjin 天津", "Hebei 河北", "Shanxi 山西", "Inner-Mongolia 内蒙古 內蒙古 Neimenggu",
    "Liaoning 辽宁 遼寧", "Jilin 吉林", "Heilongjiang 黑龙江 黑龍江", "Shanghai 上海", "Jiangsu 江苏 江蘇",
    "Zhejiang 浙江", "Anhui 安徽", "Fujian 福建", "Jiangxi 江西", "Shandong 山东 山東", "Henan 河南", "Hubei 湖北",
    "Hunan 湖南", "Guangdong 广东 廣東", "Guangxi 广西 廣西", "Hainan 海南", "Chongqing 重庆 重慶", "Sichuan 四川",
    "Guizhou 贵州 貴州", "Yunnan 云南 雲南", "Tibet 西藏 Xizang", "Shaanxi 陕西 陝西", "Gansu 甘肃 甘肅",
    "Qinghai 青海", "Ningxia 宁夏 寧夏", "Xinjiang 新疆",
)  # fmt: skip
#: What stands after a province's name and says nothing: "上海市", "Guangdong Province".
_SUFFIX = re.compile(
    r"(维吾尔自治区|維吾爾自治區|壮族自治区|壯族自治區|回族自治区|回族自治區|自治区|自治區|省|市"
    r"|uygurautonomousregion|zhuangautonomousregion|huiautonomousregion|autonomousregion|province|municipality"
    r"|city|sheng|shi)$"
)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


def _bare(text: str) -> str:
    """A name without case, spaces, hyphens and suffix."""
    plain = re.sub(r"[\s\-'’.]+", "", text).casefold()
    return _SUFFIX.sub("", plain) or plain


_SAME: Final = {_bare(name): _bare(row.split()[0]) for row in _CHINA for name in row.split()}


#: China's provinces by their bare name: in English, simplified and traditional characters.
_NAMES: Final = {
    _bare(english): (english.replace("-", " "), hans, hant[0] if hant and hant[0] > "\u3000" else hans)
    for english, hans, *hant in map(str.split, _CHINA)
}


def province_name(place: "Place", tag: str) -> str:
    """A province as readers of a language (BCP 47 tag) know it; of other countries, as it was typed."""
    known = _NAMES.get(place.province) if place.country == "CN" else None
    if known is None:
        return place.province.title()
    return known[{"zh-Hans": 1, "zh-Hant": 2}.get(tag, 0)]


@dataclass(frozen=True, slots=True)
class Place:
    """A country (ISO 3166-1), or a province of it by its bare name ("" = all of it)."""

    country: str
    province: str = ""

    def __str__(self) -> str:
        return f"{self.country}/{self.province}" if self.province else self.country


def place(country: str, province: str = "") -> Place:
    """A place whose province is named as all its spellings are: "上海市" and "Shanghai" are one."""
    bare = _bare(province)
    return Place(country.upper(), _SAME.get(bare, bare) if country.upper() == "CN" else bare)


def place_of(address: Mapping[str, str] | None) -> Place | None:
    """Where an address lies; None if it does not say."""
    country = (address or {}).get("country", "")
    return place(country, (address or {}).get("region", "")) if country else None


def parse_place(text: str) -> Place | None:
    """A place as staff write it, "CN" or "CN/Shanghai"; None if that is none."""
    country, _, province = text.strip().partition("/")
    if not _COUNTRY.fullmatch(country.strip().upper()) or len(province) > 60 or (_ and not province.strip()):
        return None
    return place(country.strip(), province.strip())


def is_there(place: Place) -> bool:
    """Whether there is such a province, where we have the list of them: in China."""
    return place.country != "CN" or not place.province or place.province in _NAMES
