"""The registers of guideline 2(3), 2(4), 2(5)オ, 2(7) to 2(9): what a record is, what it asks for, and by when."""
