import Testing
@Suite struct FuzzTests {}
