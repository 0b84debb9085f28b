"""The parts of the batches page: choosing and export, entry by hand, the ledger with the city's answers."""
