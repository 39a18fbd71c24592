"""How members come to points: the merchant's purchases, and the rules that turn them into points."""
