"""学习聚魂 — project one: organizational life, study, instructions and appraisals."""
