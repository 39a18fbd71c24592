#!/usr/bin/env python3
"""Check a points statement without trusting the mall that wrote it. Needs Python 3.8 or newer, nothing else.

    python3 verify-statement.py statement.json [published root of the seal, 64 hexadecimal digits]

It recomputes the chain of hashes from the first entry on, adds up the balances, and follows the proof from your last
sealed entry to the root over all members' chains (RFC 6962). Compare that root with the one that was published for
the day: give it as the second argument, or read it off the answer. Exit code 0 if all holds; 1 and what does not.
"""

import hashlib
import json
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_chain(statement):
    """Every entry follows the one before it; returns the hashes by entry number."""
    previous, hashes, totals = bytes(32), {}, [0, 0, 0, 0]
    for number, line in enumerate(statement["entries"], 1):
        entry = line["entry"]
        if (entry["member"], entry["seq"]) != (statement["member"], number):
            sys.exit(f"entry {number}: is entry {entry['seq']} of member {entry['member']}")
        previous = sha256(previous + canonical(entry))
        if previous.hex() != line["hash"]:
            sys.exit(f"entry {number}: its hash does not recompute: it, or an entry before it, was changed")
        note = line.get("note")
        if note and sha256(bytes.fromhex(note["salt"]) + note["text"].encode()).hex() != entry.get("note"):
            sys.exit(f"entry {number}: its note is not the one that was written")
        totals = list(map(int.__add__, totals, entry["changes"]))
        hashes[number] = previous
    balance = statement["balance"]
    if totals != [balance[name] for name in ("available", "held", "pending", "debt")]:
        sys.exit(f"the entries add up to {totals}, the statement says {balance}")
    return hashes


def root_of(leaf, index, size, path):
    """The root that an inclusion proof leads to."""
    found, steps, last = leaf, iter(path), size - 1
    while last:
        if index % 2 or index < last:
            step = bytes.fromhex(next(steps, ""))
            found = sha256(b"\x01" + step + found) if index % 2 else sha256(b"\x01" + found + step)
        index, last = index // 2, last // 2
    return found if next(steps, None) is None else b""


def check_seal(statement, hashes, published):
    """The sealed entry is a leaf of the tree whose root was published."""
    seal = statement["seal"]
    if seal is None:
        return "no seal holds it yet"
    if seal["entry"] not in hashes or not 0 <= seal["index"] < seal["size"]:
        sys.exit(f"the seal of {seal['day']} names an entry or a place that does not exist")
    leaf = {"member": statement["member"], "seq": seal["entry"], "head": hashes[seal["entry"]].hex()}
    root = root_of(sha256(b"\x00" + canonical(leaf)), seal["index"], seal["size"], seal["path"])
    if root.hex() != seal["root"]:
        sys.exit(f"the seal of {seal['day']} does not hold this chain: the proof leads to another root")
    if published and published.lower() != seal["root"]:
        sys.exit(f"the root in the statement is not the one that was published for {seal['day']}")
    return f"sealed on {seal['day']} up to entry {seal['entry']}, root {seal['root']}"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        statement = json.load(file)
    hashes = check_chain(statement)
    sealed = check_seal(statement, hashes, sys.argv[2] if len(sys.argv) == 3 else "")
    available = statement["balance"]["available"]
    sys.stdout.write(f"{len(hashes)} entries hold, {available} points available; {sealed}\n")


if __name__ == "__main__":
    main()
