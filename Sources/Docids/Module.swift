// Docids
