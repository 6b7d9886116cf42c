// Succinct
