"""The demo's people: the members and staff of interfaces.md, and neighbours who make the shop look lived in."""

from dataclasses import dataclass

PASSWORD = "mall-demo-2026"  # noqa: S105 - published on purpose; the demo is refused in production


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a password; `spends` is what they spend in a year, in whole units of the currency."""

    key: str
    name: str
    language: str
    spends: int = 0
    visits: int = 0
    roles: tuple[str, ...] = ()
    city: tuple[str, str, str] = ("Shanghai", "Shanghai", "200031")
    street: str = ""

    @property
    def email(self) -> str:
        """Where they sign in."""
        return f"{self.key}@example.com"


MEMBERS = (
    Person("mei", "Mei Lin", "en", 31_400, 42, street="Wukang Road 115, Flat 6B"),
    Person(
        "ben",
        "Ben Carter",
        "en",
        2_150,
        9,
        city=("Zhejiang", "Hangzhou", "310007"),
        street="Shuguang Road 88",
    ),
    Person("zoe", "周语", "zh-Hans", 7_800, 17, city=("广东", "深圳", "518048"), street="福中三路 1006 号"),
)

STAFF = (
    Person("ivy", "Ivy Tang", "en", roles=("merchandiser",)),
    Person("sam", "Sam Okafor", "en", roles=("service",)),
    Person("lee", "李娜", "zh-Hans", roles=("supervisor",)),
    Person("fin", "Finn Weber", "en", roles=("finance",)),
    Person("ada", "Ada Moreau", "en", roles=("administrator",)),
)

NEIGHBOURS = tuple(
    Person(f"guest{n:02d}", name, language, spends, visits)
    for n, (name, language, spends, visits) in enumerate(
        (
            ("王小明", "zh-Hans", 5_200, 8), ("陳怡君", "zh-Hant", 9_600, 10), ("Olivia Grant", "en", 3_900, 6),
            ("李雪", "zh-Hans", 12_300, 12), ("林志豪", "zh-Hant", 6_700, 8), ("Hugo Martín", "en", 2_800, 5),
            ("赵婷", "zh-Hans", 4_400, 7), ("黃雅婷", "zh-Hant", 15_800, 14), ("Priya Nair", "en", 7_100, 9),
            ("孙浩", "zh-Hans", 3_300, 6), ("吳承恩", "zh-Hant", 5_900, 7), ("Tomás Silva", "en", 10_400, 11),
            ("刘洋", "zh-Hans", 8_200, 9), ("張淑芬", "zh-Hant", 4_100, 6), ("Emma Fischer", "en", 6_000, 8),
            ("何静", "zh-Hans", 11_700, 12), ("蔡明哲", "zh-Hant", 3_600, 5), ("Noah Kim", "en", 9_000, 10),
        ),
        start=1,
    )
)  # fmt: skip
