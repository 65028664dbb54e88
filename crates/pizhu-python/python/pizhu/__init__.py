"""Section trees and cleaned text of long Chinese speeches (批注).

>>> import pizhu
>>> speech = pizhu.outline("在青禾县会议上的讲话\\n\\n一、总体要求\\n\\n要稳。\\n\\n二、保障措施\\n\\n要实。\\n")
>>> [(section.path, section.title) for section in speech.sections]
[('一、', '总体要求'), ('二、', '保障措施')]

All offsets count code points of ``Outline.text``, end excluded, as slices of a ``str`` do.
"""

from . import _pizhu
from ._pizhu import Outline, Section, __version__, clean, outline
from ._table import SectionTable

__all__ = ["Outline", "Section", "SectionTable", "__version__", "clean", "outline", "sections"]


def sections(texts, ids=None, *, markdown=False):
    """The sections of many speeches in one table.

    ``texts`` are strings; ``ids`` name them in the column ``document`` (their positions otherwise).
    """
    return SectionTable(_pizhu.sections(texts, ids, markdown=markdown))
