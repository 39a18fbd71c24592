"""The Merkle tree of RFC 6962: tree hash (section 2.1) and inclusion proofs (section 2.1.1). Pure.

Leaves and inner nodes are hashed with different prefixes, so that neither can stand in for the other.
"""

from collections.abc import Sequence
from hashlib import sha256

#: The root of a tree without leaves.
EMPTY = sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash over hashes of leaves, or over roots of equal full runs (a power of two) of leaves.

    For n > 1 hashes the left part has the largest power of two smaller than n of them; pairing level by level and
    carrying an odd last hash up gives the same tree in n - 1 hashes.
    """
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The inclusion proof of the leaf at `index`: the hashes beside its way up, the lowest first.

    Raises IndexError if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    beside, level = [], list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            beside.append(level[sibling])
        level, index = _above(level), index // 2
    return beside


def root_from(leaf_hash: bytes, index: int, size: int, beside: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to; None if the proof has the wrong length for the place."""
    if not 0 <= index < size:
        return None
    found, hashes, last = leaf_hash, iter(beside), size - 1
    while last:
        if index % 2 or index < last:
            step = next(hashes, None)
            if step is None:
                return None
            found = node(step, found) if index % 2 else node(found, step)
        index, last = index // 2, last // 2
    return None if next(hashes, None) is not None else found


def _above(level: list[bytes]) -> list[bytes]:
    paired = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return paired + level[len(paired) * 2 :]
