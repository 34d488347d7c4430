"""Putting sentences together that ask the same thing."""

import numpy as np

FARTHEST = 0.105
"""Mean cosine distance between the sentences of two groups at which they still are one: docs/adr/0010."""


def alike(embeddings: "np.ndarray", farthest: float = FARTHEST) -> list[list[int]]:
    """Return the row numbers of each group, in the order of their first members.

    Agglomerative with the mean distance (average linkage): a chain of small steps does not make one group of
    everything, and nobody has to say beforehand how many groups there are.
    """
    if len(embeddings) < 2:
        return [[number] for number in range(len(embeddings))]
    from sklearn.cluster import AgglomerativeClustering

    clusters = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=farthest
    ).fit_predict(embeddings)
    groups: dict[int, list[int]] = {}
    for number, cluster in enumerate(clusters.tolist()):
        groups.setdefault(cluster, []).append(number)
    return list(groups.values())
