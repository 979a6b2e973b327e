"""Tables of ATLAS.ti: quotations, codebook and code manager, code-document table."""
