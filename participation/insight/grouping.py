"""Finding the subjects that many texts are about, by the likeness of their sentences."""

import numpy as np

from participation.insight.space import space

LEAST = 5
"""Fewer texts than this are no subject."""

FARTHEST = 0.92
"""Mean cosine distance, in the space of `space`, between two groups that still are one subject. Chosen on one half of
two own sets, measured on the other: docs/adr."""


def subjects(embeddings: "np.ndarray", *, farthest: float = FARTHEST, least: int = LEAST) -> list[list[int]]:
    """Return the row numbers of each subject, the largest first; what is like too little is in none.

    Agglomerative with the mean distance (average linkage): nobody has to say how many subjects there are, and a chain
    of small steps does not make one subject of everything. HDBSCAN did so, with three of four texts in no subject.
    """
    if len(embeddings) < least:
        return []
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    # The half matrix of distances: of 5,000 texts 100 MB.
    clusters = fcluster(linkage(pdist(space().place(embeddings), "cosine"), "average"), farthest, "distance")
    groups: dict[int, list[int]] = {}
    for number, cluster in enumerate(clusters.tolist()):
        groups.setdefault(cluster, []).append(number)
    return sorted((group for group in groups.values() if len(group) >= least), key=lambda group: (-len(group), group))
