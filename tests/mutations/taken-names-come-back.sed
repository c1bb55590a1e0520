# A name that was taken away is gone when a map is settled: here it is back.
# Data/NameMap.fs
s/ValueNone -> all\.Remove name |> ignore/ValueNone -> ()/
