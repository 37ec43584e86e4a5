"""Cases and partners: what is shown of them, and what is done to them."""
