"""How a request is read, answered, taken twice and described."""
