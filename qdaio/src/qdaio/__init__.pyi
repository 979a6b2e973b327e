from qdaio.conversion import Converted as Converted
from qdaio.conversion import convert as convert
from qdaio.faults import Fault as Fault
from qdaio.faults import StudyError as StudyError
from qdaio.inspection import inspect as inspect
from qdaio.model import CodedProject as CodedProject
from qdaio.model import SetAside as SetAside
from qdaio.registry import ReadOptions as ReadOptions
from qdaio.registry import Recognised as Recognised
from qdaio.registry import read as read
from qdaio.registry import recognise as recognise

__version__: str
