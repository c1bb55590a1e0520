module Placeholder

open FsCheck.Xunit

[<Property>]
let ``a list reversed twice is itself`` (xs: int list) = List.rev (List.rev xs) = xs
