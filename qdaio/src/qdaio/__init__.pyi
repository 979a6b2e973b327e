from qdaio.conversion import Converted as Converted
from qdaio.conversion import convert as convert
from qdaio.faults import Fault as Fault
from qdaio.faults import StudyError as StudyError
from qdaio.inspection import inspect as inspect
from qdaio.model import CodedProject as CodedProject
from qdaio.model import SetAside as SetAside
from qdaio.programs.spreadsheet.columns import Columns as Columns
from qdaio.programs.spreadsheet.proposal import Proposal as Proposal
from qdaio.programs.spreadsheet.proposal import propose as propose
from qdaio.registry import ReadOptions as ReadOptions
from qdaio.registry import Recognised as Recognised
from qdaio.registry import read as read
from qdaio.registry import recognise as recognise

__version__: str
