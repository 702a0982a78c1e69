"""Pages of the register: the lists, the record of a house, its calendar, its documents."""
