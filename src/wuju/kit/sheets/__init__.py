"""表格 — reads the workbooks people really send, and writes workbooks that can come back."""
