"""What people's edits of a dataset's items come to: told to the partner, and decided by people.

- `report`: differences as CSV, JSON and Mismatch Finder's CSV; `rowids`: what a row is called.
- `conflictpage`: the pages on the hub wiki where people decide; `rows`: a row and its decision;
  `words` and `parts`: what a page says, and what people wrote between; `decisions`: what counts.
- `returns`: what the partner can take home; `returnfiles`: those files, and their answers.
"""
