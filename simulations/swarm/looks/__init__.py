"""What a run must show of the rules: looked at from outside, and told again in words of its own.

Each look goes by the policy and by how calls stand, and asks none of the functions that decide.
"""
