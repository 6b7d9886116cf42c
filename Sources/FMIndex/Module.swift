// FMIndex
