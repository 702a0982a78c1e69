"""Full text in French, the same on both engines: what is indexed, how it is matched, the passage that is shown."""

from .stems import Run, Wanted, excerpt, wanted

__all__ = ["Run", "Wanted", "excerpt", "wanted"]
