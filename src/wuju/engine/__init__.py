"""引擎 — one compiler from items to one SQL, its executors, and the oracle that defines the truth.

Pure: imports no Django. `items` is the language, `oracle` its meaning in slow plain Python,
`compiler` the same meaning as SQL, `live` and `wide` run that SQL.
"""
