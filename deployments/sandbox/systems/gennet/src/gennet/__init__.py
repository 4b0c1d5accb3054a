"""GenNet: gene networks, and what may be inferred from them, behind one API."""
