"""Where a number comes from: the codings, documents, people or codes behind it."""
