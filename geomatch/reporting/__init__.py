"""Floor 3, between the wings: what a report says, before anybody draws or writes it.

Law: plain frozen data and words in two languages: sections, tables, figures, pictures, and the definitions that every
figure traces back to. Decides nothing, computes nothing, draws nothing. Imports errors only; services fill it, drawing
and files read it, which may not read each other.
"""
