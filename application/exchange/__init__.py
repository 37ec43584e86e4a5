"""Files between two registers: what one of them knows of its sides, signed, for another one that leads the same case.

A file speaks for sides, and is believed for those sides only for which its key is trusted. What it says is recorded as
the word of that side, beside the register's own facts and never over them: where they differ, both stand.
"""
