"""What the API says of itself: OpenAPI, AsyncAPI, schemas, and the pages that show them."""
