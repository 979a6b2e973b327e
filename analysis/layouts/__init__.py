"""How each table of a study is laid out: from numbers to printed cells."""
