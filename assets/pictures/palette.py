"""The colours that pictures are described with."""

PALETTE = {
    "white": "#fbf9f5", "cream": "#f6efe2", "oat": "#ece0cc", "sand": "#dcc7a4", "birch": "#e6cfa8",
    "oak": "#c9a06c", "walnut": "#7b5540", "cocoa": "#6b4636", "stone": "#bcb5ab", "steel": "#b8c0c8",
    "grey": "#8d9299", "slate": "#596270", "graphite": "#3b4048", "black": "#26282d", "ink": "#27313f",
    "navy": "#2f4468", "denim": "#4f7196", "sky": "#8fb8d8", "mist": "#c9d8e0", "teal": "#1f7f7a",
    "sea": "#5aa9a0", "mint": "#a8d5c2", "sage": "#9db08f", "moss": "#66764a", "forest": "#2f5d47",
    "olive": "#8a8a4e", "leaf": "#5f9457", "lemon": "#f0d667", "mustard": "#d9a13b", "honey": "#e3a94f",
    "amber": "#c9782c", "apricot": "#f2b98c", "peach": "#f5cdb2", "coral": "#e8765e", "tomato": "#cf4b3a",
    "brick": "#a8503c", "clay": "#c1785a", "rust": "#9a4a2c", "rose": "#d98a92", "blush": "#f0c6c3",
    "berry": "#9c3f63", "plum": "#63405e", "lilac": "#b9a4d0", "violet": "#7b68b0", "brass": "#c9a552",
    "copper": "#c4764d", "skin": "#e3b48f", "tan": "#c68d62", "red": "#c23b34", "tea": "#a86a32",
}  # fmt: skip


def colour(name: str) -> str:
    """`#rrggbb` of a palette name (or of itself). Raises KeyError."""
    return name if name.startswith("#") else PALETTE[name]
