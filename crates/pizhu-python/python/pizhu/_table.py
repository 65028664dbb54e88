"""A table of sections for pandas and Arrow."""


class SectionTable:
    """Sections of one or many speeches, a section a row, in reading order.

    Columns: document, path, parent, kind, marker, title, restored (text; parent and restored may be
    missing), level, number, start, end, heading_start, heading_end (whole numbers), confidence (from 0
    to 1).
    """

    def __init__(self, columns):
        self._columns = columns

    @classmethod
    def of(cls, outline):
        """The table of one outline; its column ``document`` is empty."""
        return cls(outline.table())

    def __len__(self):
        return len(self._columns)

    def columns(self):
        """The columns as lists, by name."""
        return self._columns.columns()

    def rows(self):
        """The sections as dictionaries, one at a time."""
        columns = self.columns()
        for values in zip(*columns.values()):
            yield dict(zip(columns, values))

    def to_arrow(self):
        """A ``pyarrow.Table`` over the columns as they stand, without a copy; needs pyarrow."""
        import pyarrow as pa

        arrays = {}
        for name, buffers in self._columns._buffers().items():
            if len(buffers) == 2:
                kind, values = buffers
                arrays[name] = pa.Array.from_buffers(getattr(pa, kind)(), len(self), [None, pa.py_buffer(values)])
            else:
                buffers = [None if buffer is None else pa.py_buffer(buffer) for buffer in buffers]
                arrays[name] = pa.Array.from_buffers(pa.large_string(), len(self), buffers)
        return pa.table(arrays)

    def to_pandas(self):
        """A ``pandas.DataFrame``; needs pandas."""
        import pandas as pd

        return pd.DataFrame(self.columns())
