"""What the office decides: one pure function a deed, grouped as the case goes on."""
