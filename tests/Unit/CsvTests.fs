/// Tables from text files.
module Deeplay.Tests.CsvTests

open System
open System.Globalization
open System.IO
open System.Text
open Expecto
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp

let private flowers = "length,width,species\n1.5,2,setosa\n-3e1,0.25,virginica\n4,.5,setosa\n"
let private allColumns = [ Column.number "length"; Column.number "width"; Column.index "species" ]

let private read options columns text = withText "flowers.csv" text (Csv.read options columns)
let private readDefault columns text = read Csv.defaults columns text

let private fails columns text expected = Assert.equal expected (message (fun () -> readDefault columns text))

[<Tests>]
let tests =
    torchTests
        "Csv"
        [
            testCase "a number may stand for what is missing" (fun () ->
                let options = { Csv.defaults with MissingValues = [ "-999" ] }
                let table = read options [ Column.number "x" |> Column.fill 0.0 ] "x\n1\n-999\n-99\n"
                use x = Table.tensor [ "x" ] table
                Assert.equal [ 1.0; 0.0; -99.0 ] (numbers x))

            testCase "columns by name become a dataset for a classifier" (fun () ->
                let table = readDefault allColumns flowers
                use data = Table.dataset [ "width"; "length" ] [ "species" ] table
                Assert.equal ([ 3L; 2L ], torch.ScalarType.Float32) (shapeOf data.Inputs, data.Inputs.dtype)
                Assert.equal [ 2.0; 1.5; 0.25; -30.0; 0.5; 4.0 ] (numbers data.Inputs)
                Assert.equal ([ 3L ], torch.ScalarType.Int64) (shapeOf data.Targets, data.Targets.dtype)
                Assert.equal [ 0L; 1L; 0L ] (wholes data.Targets)
                Assert.equal [ "setosa"; "virginica" ] (Table.categories "species" table).Names
                Assert.equal (3, [ "length"; "width" ]) (table.Count, Table.features [ "length"; "width" ] table))

            testCase "numbers as targets keep their dimension, as a regressor gives it" (fun () ->
                use data = readDefault allColumns flowers |> Table.dataset [ "length" ] [ "width" ]
                Assert.equal ([ 3L; 1L ], torch.ScalarType.Float32) (shapeOf data.Targets, data.Targets.dtype))

            testCase "one-hot numbers are scikit-learn's, with names of their own" (fun () ->
                let expected = recorded "tables"
                let labels = Recorded.texts (expected.GetProperty "labels")
                let lines = [ for i, label in List.indexed labels -> $"{i},{label}" ]
                let text = String.Join("\n", "place,fruit" :: lines)
                let table = readDefault [ Column.number "place"; Column.oneHot "fruit" ] text
                use x = Table.tensor [ "fruit"; "place" ] table
                let rows = [ for row in (expected.GetProperty "one_hot").EnumerateArray() -> floats row ]
                Assert.equal (rows |> List.mapi (fun i row -> row @ [ float i ]) |> List.concat) (numbers x)

                Assert.equal
                    [ "fruit=Apple"; "fruit=apple"; "fruit=fig"; "fruit=pear"; "place" ]
                    (Table.features [ "fruit"; "place" ] table))

            testCase "a missing value is an error with file, line and column, unless told otherwise" (fun () ->
                let text = "a,b\n1,x\n\n,y\n3,\n"

                fails
                    [ Column.number "a" ]
                    text
                    "flowers.csv, line 4, column 'a': expected a value (or a column that says what becomes of missing ones), found none."

                fails
                    [ Column.index "b" ]
                    text
                    "flowers.csv, line 5, column 'b': expected a value (or a column that says what becomes of missing ones), found none."

                let dropped =
                    readDefault
                        [ Column.number "a" |> Column.dropMissing; Column.index "b" |> Column.dropMissing ]
                        text

                use x = Table.tensor [ "a"; "b" ] dropped
                Assert.equal [ 1.0; 0.0 ] (numbers x)

                let filled =
                    readDefault
                        [ Column.number "a" |> Column.fill -1.5; Column.index "b" |> Column.fillCategory "none" ]
                        text

                use x = Table.tensor [ "a" ] filled
                Assert.equal [ 1.0; -1.5; 3.0 ] (numbers x)
                Assert.equal [ "none"; "x"; "y" ] (Table.categories "b" filled).Names)

            testCase "means and medians are scikit-learn's, and fill a later file too" (fun () ->
                let expected = recorded "tables"
                let text = "x\n3\nNA\n1\n10\nnan\n4\n"

                for fill, name in [ Column.fillMean, "mean"; Column.fillMedian, "median" ] do
                    let value = (expected.GetProperty name).GetDouble()
                    let table = readDefault [ Column.number "x" |> fill ] text
                    use x = Table.tensor [ "x" ] table
                    Assert.equal [ 3.0; value; 1.0; 10.0; value; 4.0 ] (numbers x)
                    // What the training set learned, not what the test set would.
                    let later = readDefault (Table.columns table) "x\nNaN\n100\n"
                    use x = Table.tensor [ "x" ] later
                    Assert.equal [ value; 100.0 ] (numbers x)

                fails
                    [ Column.number "x" |> Column.fillMean ]
                    "x\nNA\n"
                    "flowers.csv, column 'x': expected at least one value, to fill in missing ones, found none.")

            testCase "categories that were learned are those of a later file" (fun () ->
                let train = readDefault [ Column.oneHot "c" ] "c\nred\ngreen\nblue\n"
                let test = readDefault (Table.columns train) "c\nred\nred\n"
                use x = Table.tensor [ "c" ] test
                Assert.equal [ 0.0; 0.0; 1.0; 0.0; 0.0; 1.0 ] (numbers x)

                Assert.equal
                    "flowers.csv, line 3, column 'c': expected one of blue, green, red, found 'grean' (near it: green)."
                    (message (fun () -> readDefault (Table.columns train) "c\nred\ngrean\n")))

            testCase "quotes, blanks, separators, line ends and a byte order mark are taken as meant" (fun () ->
                let text = "\uFEFFname;\"the; value\"\r\n\"say \"\"hi\"\"\"; 1.5 \r\n\"two\nlines\";2\r\n"
                let options = { Csv.defaults with Separator = ';' }
                let table = read options [ Column.index "name"; Column.number "the; value" ] text
                Assert.equal [ "say \"hi\""; "two\nlines" ] (Table.categories "name" table).Names
                use x = Table.tensor [ "the; value" ] table
                Assert.equal [ 1.5; 2.0 ] (numbers x))

            testCase "numbers are read alike in every culture" (fun () ->
                let before = CultureInfo.CurrentCulture

                try
                    CultureInfo.CurrentCulture <- CultureInfo.GetCultureInfo "de-DE"
                    use x = readDefault allColumns flowers |> Table.tensor [ "length" ]
                    Assert.equal [ 1.5; -30.0; 4.0 ] (numbers x)
                finally
                    CultureInfo.CurrentCulture <- before)

            testCase "without a header columns are called by their places" (fun () ->
                let table = read { Csv.defaults with HasHeader = false } (Column.numbers [ "1"; "0" ]) "1,2\n3,4\n"
                use x = Table.tensor [ "0"; "1" ] table
                Assert.equal [ 1.0; 2.0; 3.0; 4.0 ] (numbers x))

            testCase "a gzipped file is unpacked, and a broken one is an error" (fun () ->
                let packed = gzipped (Encoding.UTF8.GetBytes flowers)
                let read path = Csv.read Csv.defaults allColumns path
                Assert.equal 3 (withBytes "f.csv.gz" packed read).Count

                Assert.startsWith
                    "f.csv.gz: expected packed data that is whole, found"
                    (message (fun () -> withText "f.csv.gz" flowers read))

                // Also where the lines that are left would make a table.
                for length in 1 .. packed.Length - 1 do
                    Assert.startsWith
                        "f.csv.gz: expected packed data that is whole"
                        (message (fun () -> withBytes "f.csv.gz" packed[.. length - 1] read)))

            testTheory
                "what is wrong is an error with file and line"
                [
                    "", "flowers.csv: expected data, found an empty file."
                    "\n \n", "flowers.csv: expected a header or a row, found empty lines alone."
                    "length,width,species\n", "flowers.csv: expected at least one row, found none."
                    "length,wide,species\n1,2,a\n",
                    "flowers.csv: expected one of its columns (length, wide, species), found 'width' (near it: wide)."
                    "length,width,length\n1,2,3\n",
                    "flowers.csv, line 1: expected every name of a column once, found 'length' twice."
                    "length,width,species\n1,2,a\n1,2\n",
                    "flowers.csv, line 3: expected 3 fields, as in the first line, found 2."
                    "length,width,species\n1,2,a,b\n",
                    "flowers.csv, line 2: expected 3 fields, as in the first line, found 4."
                    "length,width,species\n1,2,a\n3,4,\"b\n5,6,c\n",
                    "flowers.csv, line 3: expected quotes that are closed, found an odd number of them."
                    "length,width,species\n1,two,a\n",
                    "flowers.csv, line 2, column 'width': expected a number, found 'two'."
                    "length,width,species\n1,\"1,5\",a\n",
                    "flowers.csv, line 2, column 'width': expected a number, found '1,5'."
                    "length,width,species\n1,inf,a\n",
                    "flowers.csv, line 2, column 'width': expected a number, found 'inf'."
                    "length,width,species\n1,1e39,a\n",
                    "flowers.csv, line 2, column 'width': expected a finite number in the range of float32, found '1e39'."
                ]
                (fun (text, expected) -> fails allColumns text expected)

            testCase "what is no file of text is an error that names it" (fun () ->
                let read path = Csv.read Csv.defaults allColumns path

                Assert.startsWith
                    "f.csv: expected UTF-8"
                    (message (fun () -> withBytes "f.csv" [| 0x61uy; 0xFFuy |] read))

                withText "iris.csv" flowers (fun path ->
                    let folder = Path.GetDirectoryName path
                    Assert.endsWith ": expected a file, found a folder." (message (fun () -> read folder))

                    Assert.equal
                        "irs.csv: expected a file, found nothing there (near it: iris.csv)."
                        (message (fun () -> read (Path.Combine(folder, "irs.csv")))))

                Assert.equal "read: expected the path of a file, found an empty text." (message (fun () -> read "")))

            testCase "what is asked for must make sense" (fun () ->
                let table = readDefault allColumns flowers

                for work, expected in
                    [
                        (fun () -> readDefault [] flowers |> ignore),
                        "flowers.csv: expected at least one column that is to be read, found none."
                        (fun () -> readDefault (Column.numbers [ "width"; "width" ]) flowers |> ignore),
                        "flowers.csv: expected every column once, found 'width' twice."
                        (fun () -> Table.dataset [ "lenght" ] [ "species" ] table |> ignore),
                        "flowers.csv: expected one of the columns that were read (length, width, species), found 'lenght' (near it: length)."
                        (fun () -> Table.categories "width" table |> ignore),
                        "flowers.csv: expected a column of categories, found 'width', a column of numbers."
                        (fun () -> Table.tensor [] table |> ignore),
                        "flowers.csv: expected at least one column, found none."
                        (fun () -> Column.index "c" |> Column.fillMean |> ignore),
                        "column 'c': expected a category for what is missing, found a number."
                        (fun () -> Column.number "n" |> Column.fillCategory "x" |> ignore),
                        "column 'n': expected a number for what is missing, found a category."
                        (fun () -> Column.number "n" |> Column.withCategories [ "x" ] |> ignore),
                        "column 'n': expected categories, found numbers."
                        (fun () -> Column.number "n" |> Column.fill nan |> ignore),
                        "column 'n': expected a finite number in the range of float32 for what is missing, found NaN."
                        (fun () -> Column.number "n" |> Column.fill 1e39 |> ignore),
                        "column 'n': expected a finite number in the range of float32 for what is missing, found 1E+39."
                        (fun () -> read { Csv.defaults with Separator = '"' } allColumns flowers |> ignore),
                        "Separator: expected a character that can stand between fields, found the character 34."
                    ] do
                    Assert.equal expected (message work))

            testCase "the names of a file's columns" (fun () ->
                Assert.equal [ "length"; "width"; "species" ] (withText "f.csv" flowers (Csv.names Csv.defaults)))

            testCase "the digits: a line that is too long, and a digit that is none" (fun () ->
                let line digit = String.Join(",", List.replicate 64 "16" @ [ digit ]) + "\n"
                use data = withText "digits.csv" (line "7" + line "0") Datasets.digits
                Assert.equal ([ 2L; 64L ], [ 7L; 0L ]) (shapeOf data.Inputs, wholes data.Targets)
                Assert.equal (List.replicate 128 1.0) (numbers data.Inputs)

                Assert.equal
                    "digits.csv, line 1: expected 65 numbers, found 66."
                    (message (fun () -> withText "digits.csv" ("3," + line "7") Datasets.digits))

                Assert.startsWith
                    "digits.csv, line 2, column '64': expected one of 0, 1, 2"
                    (message (fun () -> withText "digits.csv" (line "1" + line "11") Datasets.digits))

                Assert.startsWith
                    "digits.csv.gz: expected packed data that is whole"
                    (message (fun () -> withText "digits.csv.gz" (line "1") Datasets.digits)))
        ]
