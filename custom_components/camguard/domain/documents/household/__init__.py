"""Papers of the household: the sign, pledges and letters, the operating rules, the report on the duties."""
