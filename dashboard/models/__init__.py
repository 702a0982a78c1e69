"""What the roof keeps: the weekly CRAs, the syntheses and the batches of papers."""

from .batches import Batch as Batch
from .batches import BatchItem as BatchItem
from .syntheses import Synthesis as Synthesis
from .syntheses import SynthesisLine as SynthesisLine
from .weekly import WeeklyLine as WeeklyLine
from .weekly import WeeklyReport as WeeklyReport
