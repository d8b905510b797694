"""What is kept and what is known of it: archives, agencies, statutory forms, units, bundled sample reports."""
