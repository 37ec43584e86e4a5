"""What administrators, keepers and auditors do."""
