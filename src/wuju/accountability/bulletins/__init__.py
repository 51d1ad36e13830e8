"""通报 — circulars and rectification notices as official documents."""
