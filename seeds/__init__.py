"""Demo worlds: an invented company, its history and live traffic, told as networks do.

Law: the same seed gives the same world, and nothing here reaches the tables of `scoring`
but through raw deliveries and what people would record (enrolment, accounts, handing in).
"""
