"""Whether a study can be built: everything that a build would refuse, without building."""
