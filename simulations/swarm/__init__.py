"""Random small worlds with random faults: nothing breaks, and everybody is answered in the end."""
