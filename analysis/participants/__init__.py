"""Participants: whose documents these are, and what is known of them."""
