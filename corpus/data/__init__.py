"""Data files: forms, spellings, concordance, units, agencies. Each entry names its source."""
