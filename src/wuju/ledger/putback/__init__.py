"""撤回 — puts the rows a batch changed back as they were, if nobody has touched them since."""
