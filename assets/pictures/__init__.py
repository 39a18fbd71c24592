"""Draws the demo's pictures: SVG from a handful of shapes and two lights, then WebP in three sizes."""
