"""Pure rules: numbers in, numbers out, one file per theory."""
