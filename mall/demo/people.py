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
    city: tuple[str, str, str, str] = ("Shanghai", "Shanghai", "Xuhui District", "200031")
    street: str = ""

    @property
    def email(self) -> str:
        """Where they sign in."""
        return f"{self.key}@example.com"


MEMBERS = (
    Person("mei", "Mei Lin", "en", 96_000, 46, street="Wukang Road 115, Flat 6B"),
    Person(
        "ben",
        "Ben Carter",
        "en",
        2_150,
        9,
        city=("Zhejiang", "Hangzhou", "Xihu District", "310007"),
        street="Shuguang Road 88",
    ),
    Person(
        "zoe",
        "周语",
        "zh-Hans",
        26_000,
        19,
        city=("广东省", "深圳市", "福田区", "518048"),
        street="福中三路 1006 号",
    ),
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
            ("王小明", "zh-Hans", 15_600, 8), ("陳怡君", "zh-Hant", 28_800, 10), ("Olivia Grant", "en", 11_700, 6),
            ("李雪", "zh-Hans", 36_900, 12), ("林志豪", "zh-Hant", 20_100, 8), ("Hugo Martín", "en", 8_400, 5),
            ("赵婷", "zh-Hans", 13_200, 7), ("黃雅婷", "zh-Hant", 47_400, 14), ("Priya Nair", "en", 21_300, 9),
            ("孙浩", "zh-Hans", 9_900, 6), ("吳承恩", "zh-Hant", 17_700, 7), ("Tomás Silva", "en", 31_200, 11),
            ("刘洋", "zh-Hans", 24_600, 9), ("張淑芬", "zh-Hant", 12_300, 6), ("Emma Fischer", "en", 18_000, 8),
            ("何静", "zh-Hans", 35_100, 12), ("蔡明哲", "zh-Hant", 10_800, 5), ("Noah Kim", "en", 27_000, 10),
        ),
        start=1,
    )
)  # fmt: skip

EVERYBODY = (*MEMBERS, *STAFF, *NEIGHBOURS)
