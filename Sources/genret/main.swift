print("genret")
