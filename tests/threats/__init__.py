"""The threats T1 to T25: one short true story each; docs/security.md says which corpus covers the breadth."""
