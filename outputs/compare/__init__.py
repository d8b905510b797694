"""What differs: between two years of an agency, two captures of a report, two datasets."""
