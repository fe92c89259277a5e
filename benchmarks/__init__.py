"""How fast and how small: ratios to plain Mesa first, medians of repeated runs."""
