"""Tiers: the ladder that members stand on, who stands where, and what a step gives."""
