"""What Samenspel is made of: the list of packages of both worlds, and what is known of their weaknesses."""
