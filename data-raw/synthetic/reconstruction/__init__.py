"""Makes a synthetic data set that agrees with everything the study published.

``facts`` reads what is set (people, interviews, quotations, code system with phrases),
``spread`` decides which codes come up in which interview, ``wording`` and ``transcript``
turn them into coded segments, ``second`` lets another coder code some of the interviews,
``workbooks`` writes all of it as MAXQDA does. Every draw goes through ``chance``.
"""
