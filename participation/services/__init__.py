"""What the product does. Each function takes a session of the right scope; none of them commits."""
