"""docs/install.md, carried out word by word on a machine that is thrown away."""
