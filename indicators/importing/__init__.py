"""Files of activity: columns guessed and remembered, every row read and compared, all or nothing, undone on demand.

A file is read by batches into `ImportLine` rows: they are the preview, then what is written, then what undoes it.
"""
