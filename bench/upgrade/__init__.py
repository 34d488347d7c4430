"""From one version to the next while residents go on talking."""
