"""填表对账 — staged import and official export; works from the registries and knows no capability."""
