"""The Merkle tree, against the examples of RFC 6962's reference implementation and its definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.core import merkle

#: Leaves and roots published with the Certificate Transparency reference code.
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return merkle.EMPTY
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node(by_definition(leaves[:k]), by_definition(leaves[k:]))


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_published_roots(size: int, root: str) -> None:
    assert merkle.root([merkle.leaf(data) for data in DATA[:size]]).hex() == root


@given(st.integers(0, 70))
def test_roots_follow_the_definition(size: int) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(size)]
    assert merkle.root(leaves) == by_definition(leaves)


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1), st.integers(0, 6))))
def test_a_proof_leads_to_the_root_and_a_wrong_one_does_not(case: tuple[int, int, int]) -> None:
    size, index, spoiled = case
    leaves = [merkle.leaf(bytes([n])) for n in range(size)]
    root, path = merkle.root(leaves), merkle.path(leaves, index)
    assert merkle.root_from(leaves[index], index, size, path) == root
    assert merkle.root_from(merkle.leaf(b"other"), index, size, path) != root
    assert merkle.root_from(leaves[index], index, size, [*path, root]) is None
    assert merkle.root_from(leaves[index], size, size, path) is None
    if path:
        assert merkle.root_from(leaves[index], index, size, path[:-1]) is None
        path[spoiled % len(path)] = bytes(32)
        assert merkle.root_from(leaves[index], index, size, path) != root


@given(st.integers(1, 40))
def test_full_runs_can_be_hashed_apart(size: int) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(size)]
    runs = [leaves[first : first + 4] for first in range(0, size, 4)]
    assert merkle.root([merkle.root(run) for run in runs]) == merkle.root(leaves)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        merkle.path([merkle.leaf(b"")], 1)
