"""The tidy form: a project as plain tables that anyone can write by hand."""
