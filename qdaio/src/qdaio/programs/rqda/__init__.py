"""Projects of RQDA, an R package that keeps them as SQLite databases."""
