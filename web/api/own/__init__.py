"""What belongs to the owner of the token."""
