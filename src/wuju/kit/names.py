"""Names: order by strokes of the surname, pinyin for search, two-character search terms, invented people. Pure."""

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

# Common surnames by number of strokes, then by first strokes in the order 横竖撇点折, as lists
# of officials are printed (按姓氏笔画为序).
_BY_STROKES: Final = MappingProxyType({
    2: "丁卜刁",
    3: "于干万上山千卫习马",
    4: "丰王井元韦云木支尤车戈水贝牛毛仇公乌卞文方计尹孔巴邓",
    5: "甘艾古左厉石布龙平东卢叶申田史冉丘付白丛令乐包冯兰宁永司皮边台",
    6: "匡邢戎吉巩扬朴权百成毕师光曲吕朱先乔伍伏仲任华向全名邬庄刘齐衣闫关米江池汤宇安祁许那阮孙阳牟纪",
    7: "寿麦远贡芮花严芦苏杜巫李杨束来连肖时吴旷岑邱何佟位余佘妥谷邸狄邹应冷辛闵汪沙沈宋初迟张陆陈邵邰",
    8: "武苗苟苑范茅林杭郁欧卓虎尚国昌明易罗牧和季竺岳金周冼庞郑单泽宗官宛郎房居屈孟练",
    9: "封项赵郝荆荀荣胡南柯查柏柳贵思钟郜秋段保皇禹侯须俞饶施闻姜娄洪宣宫祖祝费胥姚贺骆",
    10: "秦班敖袁都耿聂莫莘晋桂栗贾夏原顾柴党晁晏钱倪徐殷奚翁卿凌栾高郭席唐浦海涂容诸谈陶姬桑",
    11: "黄菅萧梅曹戚龚盛常眭崔银符麻康鹿章商阎盖梁寇宿密谌扈尉屠隋",
    12: "揭彭斯葛董敬蒋韩植覃景喻黑程税嵇傅焦储舒鲁童曾温游富谢强",
    13: "鄢靳蓝蒲蒙楚楼赖甄雷虞路简詹鲍解廉雍窦褚",
    14: "蔡蔺臧裴管鲜廖漆谭翟熊缪",
    15: "樊黎滕颜潘",
    16: "燕薛薄霍冀穆",
    17: "戴鞠魏糜",
    18: "瞿",
})  # fmt: skip
UNKNOWN_STROKES: Final = 99

COMPOUND: Final = frozenset((
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台",
    "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "令狐",
    "呼延", "轩辕", "百里", "东郭", "西门", "拓跋", "完颜",
))  # fmt: skip

# Surnames whose reading differs from the character's common one.
SURNAME_READINGS: Final = MappingProxyType({
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "鲜于": "xian yu",
    "令狐": "ling hu", "仇": "qiu", "单": "shan", "解": "xie", "查": "zha", "区": "ou", "曾": "zeng", "朴": "piao",
    "盖": "ge", "翟": "zhai", "乐": "yue", "覃": "qin", "缪": "miao", "种": "chong", "冼": "xian", "员": "yun",
    "任": "ren", "宁": "ning", "华": "hua", "纪": "ji", "牟": "mu", "卜": "bu", "召": "shao", "繁": "po", "秘": "bi",
    "黑": "he", "折": "she", "逄": "pang", "隗": "wei", "祭": "zhai", "洗": "xian", "薄": "bo", "柏": "bai", "瞿": "qu",
    "晁": "chao", "谌": "chen", "褚": "chu", "臧": "zang", "燕": "yan", "应": "ying", "费": "fei", "葛": "ge",
    "车": "che", "沈": "shen", "石": "shi", "贾": "jia", "宓": "mi", "句": "gou", "那": "na", "哈": "ha", "过": "guo",
    "令": "ling", "干": "gan", "阚": "kan", "郗": "xi", "角": "jue", "幺": "yao", "盛": "sheng", "曲": "qu", "尉": "wei",
})  # fmt: skip

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_REMARK = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_BETWEEN = re.compile(r"[、,;/|\n]+")
_WORD = re.compile(rf"[0-9a-z]+|{_HAN}")
_RUN = re.compile(rf"[0-9a-z]+|{_HAN}+")


@lru_cache(maxsize=1)
def _places() -> dict[str, tuple[int, int]]:
    """Return surname character -> (strokes, place among those of equal strokes)."""
    return {
        surname: (strokes, place)
        for strokes, surnames in _BY_STROKES.items()
        for place, surname in enumerate(surnames)
    }


def surname(name: str) -> str:
    """Return the surname of a full name: two characters for compound surnames, else one.

    >>> surname("欧阳甲"), surname("赵甲乙")
    ('欧阳', '赵')
    """
    clean = name.strip()
    return clean[:2] if clean[:2] in COMPOUND and len(clean) > 2 else clean[:1]


def stroke_count(character: str) -> int | None:
    """Return the strokes of a common surname's character, or None if the table has it not."""
    found = _places().get(character)
    return found[0] if found else None


def by_strokes(name: str) -> tuple[int, int, str]:
    """Return the sort key of 按姓氏笔画为序: strokes of the surname, its first strokes, then the name.

    Surnames the table has not come after, by code point. Two-character names stand before
    longer ones of the same surname, as in print.
    """
    clean = name.strip()
    strokes, place = _places().get(clean[:1], (UNKNOWN_STROKES, 0))
    family = surname(clean)
    given = clean[len(family) :]
    return strokes, place, f"{family}{len(given)}{given}"


def sort_by_strokes(names: Iterable[str]) -> list[str]:
    """Return names ordered by strokes of the surname.

    >>> sort_by_strokes(["赵甲乙", "丁丙", "王甲", "戴乙"])
    ['丁丙', '王甲', '赵甲乙', '戴乙']
    """
    return sorted(names, key=by_strokes)


def people_in(text: str) -> frozenset[str]:
    """Return every person a field may name, blanks and remarks in brackets left out.

    Two names may stand in one field, and one name may be spaced out as in print.

    >>> sorted(people_in("李　明（组长）、赵甲乙 钱丙"))
    ['李明', '赵甲乙', '赵甲乙钱丙', '钱丙']
    """
    plain = _REMARK.sub(" ", unicodedata.normalize("NFKC", text))
    found: set[str] = set()
    for part in _BETWEEN.split(plain):
        words = part.split()
        found.add("".join(words))
        found.update(word for word in words if len(word) > 1)
    return frozenset(found - {""})


def official_order(listed: Sequence[str]) -> Callable[[str], tuple[int, str]]:
    """Return a sort key: things in the order they are officially listed, others after, by code point."""
    places = {name: place for place, name in enumerate(listed)}
    return lambda name: (places.get(name, len(places)), name)


# ----------------------------------------------------------------------------------- search


def pinyin(text: str) -> str:
    """Return the text in pinyin without tones and blanks; letters and digits stay, marks go.

    >>> pinyin("巉口镇第2支部")
    'chankouzhendi2zhibu'
    """
    return "".join(_syllables(_fold(text)))


def initials(text: str) -> str:
    """Return the first letters of the pinyin of a text.

    >>> initials("称钩驿镇")
    'cgyz'
    """
    return "".join(part if part.isdigit() else part[:1] for part in _syllables(_fold(text)))


def name_pinyin(name: str, *, reading: str = "") -> str:
    """Return a person's name in pinyin, the surname read as a surname.

    `reading` is the pinyin a person gave for the whole name and wins.

    >>> name_pinyin("单甲"), name_pinyin("尉迟甲乙")
    ('shanjia', 'yuchijiayi')
    """
    return "".join(_name_syllables(name, reading))


def name_initials(name: str, *, reading: str = "") -> str:
    """Return the first letters of `name_pinyin`.

    >>> name_initials("曾甲乙")
    'zjy'
    """
    return "".join(part[:1] for part in _name_syllables(name, reading))


def _name_syllables(name: str, reading: str) -> list[str]:
    if reading.strip():
        return _fold(reading).split()
    clean = _fold(name).strip()
    for length in (2, 1):
        head = clean[:length]
        if head in SURNAME_READINGS and len(clean) > length:
            return [*SURNAME_READINGS[head].split(), *_syllables(clean[length:])]
    return _syllables(clean)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _syllables(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its tables take 0.2 s to load

    parts: list[str] = []
    for run in _RUN.findall(text):
        parts += [run] if run.isascii() else lazy_pinyin(run, style=Style.NORMAL, errors="ignore")
    return parts


def bigrams(text: str) -> str:
    """Return search terms: every two neighbouring characters, and words of letters or digits.

    Trigram search does not find two-character words such as 党费; these do. Single
    characters have no term: search them with `instr`.

    >>> bigrams("主题党日 2026年")
    '主题 题党 党日 2026'
    """
    terms: list[str] = []
    previous, end = "", -1
    for found in _WORD.finditer(_fold(text)):
        word = found.group()
        is_character = not word.isascii()
        if not is_character:
            terms.append(word)
        elif previous and found.start() == end:
            terms.append(previous + word)
        previous, end = (word, found.end()) if is_character else ("", -1)
    return " ".join(dict.fromkeys(terms))


# --------------------------------------------------------------------------------- invented

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "丑寅卯辰巳午酉戌亥"
_FAMILIES: Final = (
    "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹柏窦章云苏潘葛范彭郎鲁韦马苗方"
    "俞任袁柳史唐费薛雷贺倪汤滕殷罗毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛米贝臧戴宋庞熊纪舒屈项"
    "祝董梁杜阮蓝席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡霍万柯管卢莫房丘解应宗"
)


def fictitious_name(rng: random.Random) -> str:
    """Return a plainly invented name: a surname and two signs of the old calendar (赵甲乙).

    Equal state of `rng`, equal name. Nobody is called so: that is the point.
    """
    family = rng.choice(_FAMILIES)
    first = rng.choice(_STEMS)
    second = rng.choice([sign for sign in _STEMS + _BRANCHES if sign != first])
    return family + first + second


def is_fictitious(name: str) -> bool:
    """Say whether a name could have come from `fictitious_name`."""
    return (
        len(name) == 3
        and name[0] in _FAMILIES
        and name[1] in _STEMS
        and name[2] in _STEMS + _BRANCHES
        and name[1] != name[2]
    )
