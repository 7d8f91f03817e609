"""The registers while they are used: records kept, changed, erased, what they ask for, and the papers made of them."""
