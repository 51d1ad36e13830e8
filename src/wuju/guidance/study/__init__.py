"""学习 — training courses and the hours a branch recorded from them; never reading time."""
