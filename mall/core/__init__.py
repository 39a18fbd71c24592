"""What every room stands on: database, clock, errors, money, ids. Knows nothing of the mall's nouns."""
