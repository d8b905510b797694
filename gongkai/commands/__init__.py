"""The commands, one module each: what the command line takes, and the library call behind it."""
