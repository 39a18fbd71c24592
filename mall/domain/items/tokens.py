"""Words to search by, made the same way for both databases: Chinese bigrams and single characters, English stems.

Pure. Tokens are letters and digits only, so that they can stand in an FTS5 or tsquery expression without escaping.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

import snowballstemmer

#: What of a query is looked at; the rest of a pasted page is not.
MAX_QUERY, MAX_TERMS, MAX_FORGIVEN = 80, 16, 4

#: Before the token of the word that a title is about. Folded text has no capitals, so no word that is typed has it.
HEAD = "Ω"
#: What follows in a title says more of the thing, and is not its name: "headphones for children", "茶壶（大）".
_TAIL = re.compile(r"[,，、;；:：(（\[【]\s?|\s(?:for|with|in|from|by|on)\s|\s[-–—|]\s")

#: Stands in an expression for words that the database adds: no letter, no digit, so no token has it.
HOLE = "\0"

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query: any of `tokens` will do; `starts` are beginnings of words that will do too, and so will
    a known English word that shares one of `typos` with it.
    """

    tokens: tuple[str, ...]
    starts: tuple[str, ...] = ()
    word: str = ""
    typos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart: all `terms` must be met, or the whole of it begins an SKU (`sku`; exact unless `open_sku`)."""

    terms: tuple[Term, ...]
    sku: str = ""
    open_sku: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms or self.sku)

    def headed(self) -> "Query":
        """The same query for what is named by its last word: headphones, and not the stand for them."""
        last = tuple(Term((HEAD + token,)) for term in self.terms[-1:] for token in term.tokens[-1:])
        return replace(self, terms=self.terms + last)


def fold(text: str) -> str:
    """Text as it is compared: compatibility forms joined, lower case, accents off Latin letters."""
    text = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Cs", "Cc", "Cf"))
    return unicodedata.normalize("NFKC", kept)


def runs(text: str) -> list[str]:
    """The words of a text: runs of Chinese characters, and runs of other letters and digits."""
    return _RUN.findall(fold(text))


def is_han(run: str) -> bool:
    """Whether a run is Chinese (or kana, hangul: written without spaces, searched alike)."""
    return _IS_HAN.match(run) is not None


def stem(word: str) -> str:
    """The stem of an English word (Porter 2, by snowballstemmer): headphones, headphone → headphon."""
    return str(_stemmer.stemWord(word)) if word.isascii() else word


def pairs(run: str) -> list[str]:
    """Neighbouring characters, two by two."""
    return [run[i : i + 2] for i in range(len(run) - 1)]


def index_tokens(texts: Iterable[str]) -> set[str]:
    """All tokens of some texts: of Chinese, bigrams and single characters; of other words, the stem."""
    found: set[str] = set()
    for text in texts:
        for run in runs(text):
            if is_han(run):
                found.update(run)
                found.update(pairs(run))
            else:
                found.add(stem(run)[:40])
    return found


def head_tokens(titles: Iterable[str]) -> set[str]:
    """What each title is about, marked: in English and in Chinese the thing stands last, before what says more of it.

    Over-ear headphones → headphon; headphones for children → headphon; headphone stand → stand; 降噪耳机 → 耳机, 机.
    """
    found: set[str] = set()
    for title in titles:
        named = _TAIL.split(fold(title).strip(), maxsplit=1)[0]
        telling = [run for run in runs(named) if not run.isdigit() and (len(run) > 1 or not is_han(run))]
        for run in telling[-1:]:
            found.update((run[-2:], run[-1]) if is_han(run) else (stem(run)[:40],))
    return {HEAD + token for token in found}


def words(texts: Iterable[str]) -> set[str]:
    """The English words of some texts that a typing error is put right to."""
    return {run for text in texts for run in runs(text) if forgivable(run)}


def sku_token(text: str) -> str:
    """An SKU without case and separators: AUD-0101-INK → aud0101ink."""
    return "".join(run for run in _RUN.findall(fold(text)) if run.isascii())


def parse(text: str) -> Query:
    """A query as typed, taken apart; empty if there is nothing to look for. Takes any text whatever."""
    text = text[:MAX_QUERY]
    terms: list[Term] = []
    for run in runs(text):
        if is_han(run):
            terms += [Term((token,)) for token in (pairs(run) or [run])]
        else:
            terms.append(Term((stem(run)[:40],)))
    sku = sku_token(text) if all(not is_han(run) for run in runs(text)) else ""
    return Query(
        tuple(dict.fromkeys(terms))[:MAX_TERMS], sku[:40], any(c.isdigit() for c in sku) and len(sku) > 2
    )


def relaxed(text: str) -> Query:
    """The same query, less strict, for when it found nothing: beginnings of words, typing errors forgiven, and of a
    longer run of Chinese any two characters (the more, the better: the caller ranks).
    """
    terms: list[Term] = []
    forgiven = 0
    for run in runs(text[:MAX_QUERY]):
        if is_han(run):
            terms.append(Term(tuple(dict.fromkeys(pairs(run) or [run]))[:MAX_TERMS]))
            continue
        close = forgivable(run) and forgiven < MAX_FORGIVEN
        forgiven += close
        starts = (run[:40],) if len(run) > 2 else ()
        # A word twice in a tsquery, once as a beginning, counts for nothing in PostgreSQL's ranking.
        exact = tuple(token for token in (stem(run)[:40],) if token not in starts)
        terms.append(Term(exact, starts, run, tuple(sorted(typos(run))) if close else ()))
    return Query(tuple(dict.fromkeys(terms))[:MAX_TERMS])


def forgivable(run: str) -> bool:
    """Whether a typing error in this word is forgiven: English letters only, four or more."""
    return 4 <= len(run) <= 40 and run.isascii() and run.isalpha()


def typos(word: str) -> set[str]:
    """The word, and the word with any one letter left out.

    Two words that share one of these are one letter added, left out, exchanged or swapped with its neighbour apart,
    or hardly more. (Source: W. Garbe's symmetric delete spelling correction, with one deletion.)
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def fts5(query: Query, *, title_only: bool = False) -> str:
    """The query as an FTS5 expression over the columns title, sku and body; HOLE stands where other words may join."""
    found = " AND ".join(
        "("
        + " OR ".join([*(f'"{t}"' for t in term.tokens), *(f'"{t}"*' for t in term.starts)])
        + (HOLE if term.typos else "")
        + ")"
        for term in query.terms
    )
    scope = "{title}" if title_only else "{title body}"
    parts = [f"({scope} : ({found}))"] if found else []
    if query.sku:
        parts.append(f'(sku : "{query.sku}"{"*" if query.open_sku else ""})')
    return " OR ".join(parts)


def tsquery(query: Query, *, title_only: bool = False) -> str:
    """The query as a tsquery: weight A = title, B = SKU, C = body; HOLE stands where other words may join."""
    scope = "A" if title_only else "AC"
    found = " & ".join(
        "("
        + " | ".join([*(f"'{t}':{scope}" for t in term.tokens), *(f"'{t}':*{scope}" for t in term.starts)])
        + (HOLE if term.typos else "")
        + ")"
        for term in query.terms
    )
    parts = [f"({found})"] if found else []
    if query.sku:
        parts.append(f"'{query.sku}':{'*' if query.open_sku else ''}B")
    return " | ".join(parts)
