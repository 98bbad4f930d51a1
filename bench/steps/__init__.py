"""One piece of work, done by the product and by others: five tasks, a choice, two timers."""
