"""Tables of NVivo: matrix coding queries, codebook, classification sheets."""
