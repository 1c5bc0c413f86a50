"""What watches an environment for misuse: threat findings, the record of calls, and alarms on them."""
