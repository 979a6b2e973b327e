"""Tables that MAXQDA exports, in any language of its interface."""
