"""引擎 — one compiler from items to one SQL, its executors, and the oracle that defines the truth.

Pure: imports no Django; SQLGlot, DuckDB and pyarrow only where they work. What others use:

- `items.Item`, `items.Status`, `results.Cell`, `results.RollUp`, `results.node_total`: the words.
- `rules.Rules`: a pack resolved. `resolve.resolve(item, rules, catalog)`: the linter's check.
- `conditions.Reader(fact, catalog, parameters).read(text)`, `conditions.columns_read`.
- `world.World`, `oracle.evaluate`, `oracle.roll_up`: the meaning, in slow plain Python.
- `compiler.compile_rules(rules, catalog, dialect) -> program.Program` (JSON both ways,
  `items_reading(fact)`): the same meaning as SQL over `program.Source`s.
- `live.evaluate(program, execute, sources, as_of=…, orgs=…, items=…)`: that SQL in SQLite or PostgreSQL.
- `wide.Wide(tables)`: that SQL in DuckDB over Arrow, with roll-up.
- `deltas.deltas(before, after, rules, ancestors)`: exact increments of the roll-up.
- `explain.explain_sql(program, code, org_id, period, …)`: the rows behind one cell, as queries.
"""
