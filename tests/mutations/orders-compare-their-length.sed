# What was given earlier comes before, whatever was said inside it: here the longer order comes after.
# Config/Order.fs
s/        | x :: a, y :: b when x = y -> Order\.Compare(a, b)/        | a, b when a.Length <> b.Length -> compare a.Length b.Length\n        | x :: a, y :: b when x = y -> Order.Compare(a, b)/
